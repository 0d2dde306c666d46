/** Which roles may do what, as ioc/http/access.py has it; a test holds the two together. */

export const ALLOWED = {
  acknowledge: ["operator", "supervisor"],
  comment: ["operator", "supervisor", "leader"],
  shelve: ["operator", "supervisor"],
  "shelve-long": ["supervisor"],
  close: ["supervisor"],
  raise: ["operator", "supervisor"],
  dispatch: ["operator", "supervisor"],
  handle: ["operator", "supervisor", "handler"],
  tasks: ["operator", "supervisor", "leader", "handler"],
  give: ["leader"],
  review: ["operator", "supervisor", "leader"],
  maintain: ["supervisor"],
  maintenance: ["operator", "supervisor", "leader"],
  duty: ["operator", "supervisor", "leader"],
  "hand-over": ["operator", "supervisor"],
  shifts: ["supervisor"],
  performance: ["supervisor", "leader"],
  notifications: ["supervisor", "leader"],
  refused: ["leader", "developer"],
} as const satisfies Record<string, readonly string[]>;

export type Permission = keyof typeof ALLOWED;

/** Whether a role may do something; nobody logged in may do nothing. */
export function may(role: string | null | undefined, permission: Permission): boolean {
  return (ALLOWED[permission] as readonly string[]).includes(role ?? "");
}
