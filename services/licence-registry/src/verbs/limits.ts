// How much one call may ask for, and in what shape.
import { invalid } from "@onething/kernel/errors";

export function within(asked: number, most: number): void {
  if (asked <= most) return;
  throw invalid(
    "request.too_many",
    `一次最多查询 ${most} 项，请分批查询`,
    `Ask for at most ${most} at once; split the request`,
  );
}

export const pageSize = (asked: number, usual: number, most: number): number =>
  asked > 0 ? Math.min(asked, most) : usual;

export const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

export const wrongCursor = () =>
  invalid(
    "request.cursor",
    "翻页位置无效，请从第一页重新查询",
    "The cursor is not valid; start again from the first page",
  );

/** Person ids are opaque, but they name streams and data keys: nothing else may get in there. */
export function checkPersonIds(personIds: readonly string[]): void {
  if (personIds.every((personId) => /^[\w.-]{1,64}$/.test(personId))) return;
  throw invalid("request.person_id", "人员标识无效", "A person id is not valid");
}
