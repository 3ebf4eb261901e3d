import { newKey } from "../../shared/new-key.ts";
import { users } from "./clients.ts";

/** Not said (the mall's `gender` is a number from 0 on). */
const GENDER = 0;

interface Asked {
  readonly name: string;
  readonly mobile: string;
  readonly password: string;
}

/** Somebody without an account. The same form sent again, as after an answer that was lost, makes the same one. */
export class Newcomer {
  #key = "";
  #sent = "";

  /** @throws AppError the server's refusal. */
  async signUp(asked: Asked): Promise<void> {
    const form = JSON.stringify(asked);
    if (form !== this.#sent) this.#key = newKey();
    this.#sent = form;
    await users.register({ ...asked, gender: GENDER }, { idempotencyKey: this.#key });
  }
}
