import type { Runtime } from "@mall/kit/runtime";
import type { Etcd3 } from "etcd3";
import { type EtcdServers, etcdOptions } from "./etcd-options.ts";

/** How long a cluster may take for one answer, milliseconds; go-zero allows a read the same. */
const ANSWER_MS_MAX = 3_000;
/**
 * The least of that time which one of several members gets: an election takes a second or two, and a lease of 10 s
 * must be renewed at another member in time.
 */
const MEMBER_MS_MIN = 700;

type Library = typeof import("etcd3");

/** One member of a cluster, on connections of its own. */
export interface EtcdMember {
  readonly host: string;
  readonly etcd: Etcd3;
}

/** When a call must have been answered: a grpc-js deadline. */
export interface AnswerSoon {
  readonly deadline: number;
}

/**
 * The members of a cluster, of which one is asked: the one that answered last, and the next one when it does not.
 * The library would try another one only where a connection fails at once; a member that is silent would be asked
 * again and again.
 */
export class EtcdMembers {
  readonly #library: Library;
  readonly #runtime: Runtime;
  readonly #members: readonly EtcdMember[];
  readonly #answerMsMax: number;
  /** Of the member that is asked first. */
  #index: number;

  private constructor(library: Library, servers: EtcdServers, runtime: Runtime) {
    this.#library = library;
    this.#runtime = runtime;
    const hosts = [...new Set(servers.Hosts)];
    this.#answerMsMax = Math.max(ANSWER_MS_MAX / hosts.length, MEMBER_MS_MIN);
    this.#members = hosts.map((host) => {
      const options = etcdOptions({ ...servers, Hosts: [host] }, () => this.soon());
      return { host, etcd: new library.Etcd3(options) };
    });
    // Processes that start together are not all to ask the same one.
    this.#index = (runtime.randomBytes(1)[0] ?? 0) % this.#members.length;
  }

  /** Connects in the background, so that this fails only for unusable certificates. */
  static async connect(servers: EtcdServers, runtime: Runtime): Promise<EtcdMembers> {
    etcdOptions(servers);
    // The library is large: only processes that are configured with etcd load it.
    return new EtcdMembers(await import("etcd3"), servers, runtime);
  }

  /** The one that is asked now. */
  get current(): EtcdMember {
    const member = this.#members[this.#index];
    if (member === undefined) throw new Error("a cluster of etcd without members");
    return member;
  }

  /** By when a call that begins now must be answered. */
  soon(): AnswerSoon {
    return { deadline: this.#runtime.now() + this.#answerMsMax };
  }

  /**
   * Asks one member after the other until one answers, each for its part of ANSWER_MS_MAX. Rejects with what a
   * member refused, or with the failure of the last one where none answers.
   */
  async ask<T>(question: (etcd: Etcd3, soon: AnswerSoon) => Promise<T>): Promise<T> {
    for (let left = this.#members.length; ; left -= 1) {
      const member = this.current;
      try {
        return await this.#inTime(question(member.etcd, this.soon()), member);
      } catch (error) {
        if (this.isRefusal(error)) throw error;
        this.avoid(member);
        if (left === 1) throw error;
      }
    }
  }

  /** Asks one member, whichever is asked otherwise; rejects where it fails. */
  askMember<T>(member: EtcdMember, question: (etcd: Etcd3, soon: AnswerSoon) => Promise<T>): Promise<T> {
    return this.#inTime(question(member.etcd, this.soon()), member);
  }

  /** This member did not answer: another one is asked from now on. */
  avoid(member: EtcdMember): void {
    // Many notice it at once, and only the first of them has something to change.
    if (member === this.current) this.#index = (this.#index + 1) % this.#members.length;
  }

  close(): void {
    for (const { etcd } of this.#members) etcd.close();
  }

  /** The library's deadline holds for a call, not for the login that may come before it. */
  #inTime<T>(answer: Promise<T>, { host }: EtcdMember): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = this.#runtime.setTimer(
        () => reject(new SilenceError(`etcd ${host} did not answer within ${this.#answerMsMax} ms`)),
        this.#answerMsMax,
      );
      const clear = (): void => timer.clear();
      answer.then(resolve, reject);
      answer.then(clear, clear);
    });
  }

  /** Whether a member has spoken for the cluster; all others would say the same. */
  isRefusal(error: unknown): boolean {
    if (!(error instanceof Error) || error instanceof SilenceError) return false;
    // What ends a stream is not cast yet.
    return !this.#library.isRecoverableError(this.#library.castGrpcError(error));
  }
}

class SilenceError extends Error {}
