import { answers, invalid, type RpcCase, refuses } from "./case.ts";
import { SOME_TIME } from "./pay-cases.ts";
import { BEYOND_SAFE, EMOJI_255, LONE_SURROGATE, ODD_TEXT, SAFE_MAX, TEXT_256 } from "./values.ts";

const REGISTER = "user.register";
const LOGIN = "user.login";
const INFO = "user.userInfo";
const CHANGE = "user.changePassword";
const REVOKED = "user.revoked";
const END_SESSION = "user.endSession";
const ENDED_SESSIONS = "user.endedSessions";
const SEARCH = "user.search";
const ROLE = "user.role";

const USER_NOT_FOUND = ["NOT_FOUND", "USER_NOT_FOUND", "用户不存在"] as const;
const WRONG_PASSWORD = ["UNAUTHENTICATED", "WRONG_PASSWORD", "密码错误"] as const;

/** The first user, who is admin; the cases of the other services count on users 1 and 2. */
const VING = { name: "ving", gender: 1, mobile: "15212230311", password: "123456" };
const SECOND = { name: EMOJI_255, gender: 255, mobile: "+8615212230312", password: "密码密码密码" };
const ODD = { name: ODD_TEXT, gender: 0, mobile: "15212230313", password: ODD_TEXT };
const NAMELESS = { name: "", gender: 0, mobile: "15212230314", password: "p".repeat(128) };

const registrations: readonly RpcCase[] = [
  answers(REGISTER, "the first user", VING, publicPart(1, VING)),
  answers(REGISTER, "the longest name, a mobile with +", SECOND, publicPart(2, SECOND)),
  answers(REGISTER, "odd text in name and password", ODD, publicPart(3, ODD)),
  answers(REGISTER, "an empty name, the longest password", NAMELESS, publicPart(4, NAMELESS)),
  refuses(REGISTER, "a known mobile", VING, ["ALREADY_EXISTS", "USER_EXISTS", "该用户已存在"]),
  invalid(REGISTER, "no mobile", { ...VING, mobile: "" }, "mobile"),
  invalid(REGISTER, "a mobile with a blank", { ...VING, mobile: "15212230311 " }, "mobile"),
  invalid(REGISTER, "a mobile too long for its column", { ...VING, mobile: "1".repeat(256) }, "mobile"),
  invalid(REGISTER, "a mobile with a line end", { ...VING, mobile: "15212230399\n" }, "mobile"),
  invalid(REGISTER, "a mobile that is no text", { ...VING, mobile: 15212230399 }, "mobile"),
  invalid(
    REGISTER,
    "a password too short",
    { ...VING, mobile: "15212230399", password: "12345" },
    "password",
  ),
  invalid(
    REGISTER,
    "a password too long",
    { ...VING, mobile: "15212230399", password: "p".repeat(129) },
    "password",
  ),
  invalid(REGISTER, "no password", { ...VING, mobile: "15212230399", password: "" }, "password"),
  invalid(REGISTER, "a name too long", { ...VING, mobile: "15212230399", name: TEXT_256 }, "name"),
  invalid(REGISTER, "half a character", { ...VING, mobile: "15212230399", name: LONE_SURROGATE }, "name"),
  invalid(REGISTER, "a negative gender", { ...VING, mobile: "15212230399", gender: -1 }, "gender"),
  invalid(REGISTER, "a gender beyond a byte", { ...VING, mobile: "15212230399", gender: 256 }, "gender"),
  invalid(
    REGISTER,
    "an unsafe gender",
    { ...VING, mobile: "15212230399", gender: Number.POSITIVE_INFINITY },
    "gender",
  ),
  invalid(
    REGISTER,
    "a gender that is no number",
    { ...VING, mobile: "15212230399", gender: Number.NaN },
    "gender",
  ),
  invalid(REGISTER, "nothing at all", {}, "name"),
];

const logins: readonly RpcCase[] = [
  answers(LOGIN, "the admin", pick(VING), { ...publicPart(1, VING), role: 2 }),
  answers(LOGIN, "a customer with odd text", pick(ODD), { ...publicPart(3, ODD), role: 0 }),
  refuses(LOGIN, "a wrong password", { ...pick(VING), password: "654321" }, WRONG_PASSWORD),
  refuses(LOGIN, "no password", { ...pick(VING), password: "" }, WRONG_PASSWORD),
  refuses(LOGIN, "an unknown mobile", { ...pick(VING), mobile: "15212239999" }, USER_NOT_FOUND),
  refuses(LOGIN, "no mobile", { ...pick(VING), mobile: "" }, USER_NOT_FOUND),
  refuses(LOGIN, "a mobile with a blank", { ...pick(VING), mobile: "15212230311 " }, USER_NOT_FOUND),
  refuses(LOGIN, "a mobile too long", { ...pick(VING), mobile: TEXT_256 }, USER_NOT_FOUND),
  refuses(LOGIN, "a mobile of odd text", { ...pick(VING), mobile: ODD_TEXT }, USER_NOT_FOUND),
  invalid(LOGIN, "half a character", { ...pick(VING), mobile: LONE_SURROGATE }, "mobile"),
  invalid(LOGIN, "half a character as password", { ...pick(VING), password: LONE_SURROGATE }, "password"),
  ...Array.from({ length: 10 }, (_, index) =>
    refuses(LOGIN, `guess ${index + 1}`, { ...pick(NAMELESS), password: "guess!" }, WRONG_PASSWORD),
  ),
  refuses(LOGIN, "after too many guesses", pick(NAMELESS), [
    "RESOURCE_EXHAUSTED",
    "LOGIN_LIMITED",
    "登录失败次数过多，请稍后再试",
  ]),
];

const infos: readonly RpcCase[] = [
  answers(INFO, "the first user", { id: 1 }, publicPart(1, VING)),
  answers(INFO, "the longest name", { id: 2 }, publicPart(2, SECOND)),
  answers(INFO, "odd text", { id: 3 }, publicPart(3, ODD)),
  answers(INFO, "an empty name", { id: 4 }, publicPart(4, NAMELESS)),
  ...[99, 0, -1, SAFE_MAX, -SAFE_MAX].map((id) => refuses(INFO, `unknown id ${id}`, { id }, USER_NOT_FOUND)),
  ...[BEYOND_SAFE, -BEYOND_SAFE, 1.5, Number.NaN, "1", null, 1n].map((id) =>
    invalid(INFO, `id ${String(id)} (${typeof id})`, { id }, "id"),
  ),
  invalid(INFO, "no id", {}, "id"),
];

/** They leave the accounts as they were: whose tokens are refused from when is in no answer but the clock's. */
const changes: readonly RpcCase[] = [
  refuses(CHANGE, "a wrong password", change({ oldPassword: "654321" }), WRONG_PASSWORD),
  refuses(CHANGE, "an unknown user", change({ id: 99 }), USER_NOT_FOUND),
  invalid(CHANGE, "a new password too short", change({ newPassword: "12345" }), "newPassword"),
  invalid(CHANGE, "a new password too long", change({ newPassword: "p".repeat(129) }), "newPassword"),
  invalid(CHANGE, "half a character", change({ oldPassword: LONE_SURROGATE }), "oldPassword"),
  invalid(CHANGE, "an unsafe id", change({ id: BEYOND_SAFE }), "id"),
  answers(REVOKED, "nobody yet", { since: 0, after: 0, limit: 1000 }, { data: [] }),
  invalid(REVOKED, "no limit", { since: 0, after: 0 }, "limit"),
  invalid(REVOKED, "a limit too high", { since: 0, after: 0, limit: 1001 }, "limit"),
  invalid(REVOKED, "no number", { since: "1", after: 0, limit: 1 }, "since"),
];

/** A session of a browser whose login is good for as long as the contract has numbers. */
const SESSION = { session: "s".repeat(64), until: SAFE_MAX };
const ALL_ENDED = { since: 0, after: 0, limit: 1000 };
const sessions: readonly RpcCase[] = [
  answers(ENDED_SESSIONS, "none", ALL_ENDED, { data: [] }),
  answers(END_SESSION, "one that is over by itself", { session: "over", until: 1 }, {}),
  answers(END_SESSION, "one", SESSION, {}),
  answers(END_SESSION, "the same again", SESSION, {}),
  answers(ENDED_SESSIONS, "one", ALL_ENDED, { data: [{ id: 1, ended: SOME_TIME, ...SESSION }] }),
  invalid(END_SESSION, "no name", { session: "", until: SAFE_MAX }, "session"),
  invalid(END_SESSION, "a name too long", { session: "s".repeat(65), until: SAFE_MAX }, "session"),
  invalid(END_SESSION, "an unsafe end", { session: "s", until: BEYOND_SAFE }, "until"),
  ...[0, -1, 1001].map((limit) =>
    invalid(ENDED_SESSIONS, `limit ${limit}`, { ...ALL_ENDED, limit }, "limit"),
  ),
  invalid(ENDED_SESSIONS, "no number", { ...ALL_ENDED, since: "1" }, "since"),
];

const found = (id: number, account: Account, role = 0): object => ({
  ...publicPart(id, account),
  role,
  createTime: SOME_TIME,
});
const searches: readonly RpcCase[] = [
  answers(
    SEARCH,
    "all, newest first",
    { before: 0, limit: 0 },
    { users: [found(4, NAMELESS), found(3, ODD), found(2, SECOND), found(1, VING, 2)], next: 0 },
  ),
  answers(SEARCH, "a page", { before: 4, limit: 1 }, { users: [found(3, ODD)], next: 3 }),
  answers(SEARCH, "by id", { id: 2, before: 0, limit: 0 }, { users: [found(2, SECOND)], next: 0 }),
  answers(SEARCH, "by role", { role: 2, before: 0, limit: 0 }, { users: [found(1, VING, 2)], next: 0 }),
  answers(
    SEARCH,
    "by how a mobile begins",
    { mobile: "1521223031", before: 1, limit: 1 },
    { users: [found(3, ODD)], next: 3 },
  ),
  answers(
    SEARCH,
    "by a mobile",
    { mobile: VING.mobile, before: 0, limit: 0 },
    {
      users: [found(1, VING, 2)],
      next: 0,
    },
  ),
  ...["", "%", "1_", "1 ", "++1", "1".repeat(21)].map((mobile) =>
    invalid(SEARCH, `mobile ${mobile}`, { mobile, before: 0, limit: 0 }, "mobile"),
  ),
  invalid(SEARCH, "a page of mobiles behind nobody", { mobile: "1", before: 99, limit: 0 }, "before"),
  ...[501, -1, SAFE_MAX].map((limit) => invalid(SEARCH, `limit ${limit}`, { before: 0, limit }, "limit")),
];

/** They leave the accounts as they were, but that older tokens of the fourth user are refused. */
const roles: readonly RpcCase[] = [
  answers(ROLE, "more rights", { id: 4, role: 1 }, { notBefore: 0 }),
  answers(ROLE, "again", { id: 4, role: 1 }, { notBefore: 0 }),
  answers(ROLE, "none", { id: 4, role: 0 }, { notBefore: SOME_TIME }),
  answers(SEARCH, "nobody is staff", { role: 1, before: 0, limit: 0 }, { users: [], next: 0 }),
  refuses(ROLE, "the last admin", { id: 1, role: 1 }, [
    "FAILED_PRECONDITION",
    "LAST_ADMIN",
    "不能取消最后一名管理员",
    "role",
  ]),
  ...[99, 0, -1, SAFE_MAX].map((id) => refuses(ROLE, `unknown id ${id}`, { id, role: 1 }, USER_NOT_FOUND)),
  ...[3, -1, SAFE_MAX].map((role) => invalid(ROLE, `role ${role}`, { id: 4, role }, "role")),
  invalid(ROLE, "an unsafe id", { id: BEYOND_SAFE, role: 1 }, "id"),
];

export const userCases: readonly RpcCase[] = [
  ...registrations,
  ...logins,
  ...infos,
  ...changes,
  ...sessions,
  ...searches,
  ...roles,
];

type Account = typeof VING;

function publicPart(id: number, { name, gender, mobile }: Account): object {
  return { id, name, gender, mobile };
}

function change(values: object): object {
  return { id: 3, oldPassword: ODD_TEXT, newPassword: "123456", ...values };
}

function pick({ mobile, password }: Account): { mobile: string; password: string } {
  return { mobile, password };
}
