// Who may read the master key's file.

export interface FileAccess {
  mode: number;
  uid: number;
  gid: number;
}

export interface Self {
  uid: number;
  groups: readonly number[];
}

const NOT_OWNER = 0o077;
const MORE_THAN_GROUP_READ = 0o037;
const ROOT = 0;

/**
 * Whether others than this process can read the file, or anybody but its owner write it. A process whose own file it is needs
 * nobody else's leave to read it: 0600. Kubernetes gives secrets another way: the file is root's, and the pod's processes, who
 * are not root and therefore cannot change it, read it as members of the pod's own group (`fsGroup`, 0440). So a group may read
 * where there is no narrower way: the file is root's, we are not root, and the group is one of ours. Who else is in that group
 * was decided by root, who could read the file anyway. Everybody (`other`) never may, and a group may never write.
 */
export function isExposed(file: FileAccess, self: Self): boolean {
  if ((file.mode & NOT_OWNER) === 0) return false;
  const lentByRoot = file.uid === ROOT && self.uid !== ROOT && self.groups.includes(file.gid);
  return !lentByRoot || (file.mode & MORE_THAN_GROUP_READ) !== 0;
}

/** Undefined where files have no such owners (Windows). */
export function self(): Self | undefined {
  const uid = process.geteuid?.();
  const group = process.getegid?.();
  if (uid === undefined || group === undefined) return undefined;
  return { uid, groups: [group, ...(process.getgroups?.() ?? [])] };
}
