/** An admin role that somebody holds. */
export interface RoleAssignment {
  readonly id: string;
  readonly type: string;
  readonly assignmentType: "USER" | "CLIENT" | "GROUP";
  readonly created: number;
  /** Groups that the role is limited to. */
  readonly groupTargets: readonly string[];
  readonly appTargets: readonly string[];
  /** What a role of type CUSTOM is, and over what it is given. */
  readonly custom?: { readonly label: string; readonly role: string; readonly resourceSet: string };
}
