/** An admin role that somebody holds. */
export interface RoleAssignment {
  readonly id: string;
  readonly type: string;
  readonly assignmentType: "USER" | "CLIENT";
  readonly created: number;
  /** Groups that the role is limited to. */
  readonly groupTargets: readonly string[];
  readonly appTargets: readonly string[];
}
