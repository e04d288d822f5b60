/**
 * Runs `work` over `items` with at most `limit` at once. Resolves when all are done; after the first failure no new
 * item starts, those under way are awaited, and the first error is thrown.
 */
export async function forEachConcurrent<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  for await (const item of items) {
    if (failure) break;
    const task: Promise<void> = work(item)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(task));
    running.add(task);
    if (running.size >= limit) await Promise.race(running);
  }
  await Promise.all(running);
  if (failure) throw failure.error;
}

/**
 * Maps `items` with at most `limit` calls under way and yields the results in the items' order.
 * When the consumer stops early, no new call starts; calls under way are left to finish and their results dropped.
 */
export async function* mapOrdered<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
  const queue: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const task = work(item);
      // A rejection is delivered when its turn comes; until then it must not count as unhandled.
      task.catch(() => undefined);
      queue.push(task);
      const head = queue.length >= limit ? queue.shift() : undefined;
      if (head) yield await head;
    }
    for (let head = queue.shift(); head; head = queue.shift()) yield await head;
  } finally {
    for (const task of queue) task.catch(() => undefined);
  }
}
