import { AppError } from "@mall/kit/errors";
import { METHOD_MISSING } from "@mall/kit/resilience";
import type { SagaStep } from "../saga.ts";
import type { SagaDriver } from "../saga-driver.ts";
import { SAGA_STATE, type SagaStore } from "../saga-store.ts";
import type { Dtm, DtmStep } from "./dtm.ts";

/** Lets a DTM server drive sagas, and asks it until they have ended. */
export function createDtmDriver(dtm: Dtm, store: SagaStore): SagaDriver {
  return {
    drive: async (call, saga, steps, attempt) => {
      // DTM asks for ever what is never answered, and nobody can stop it. Later attempts may go on with what it has.
      const lack = attempt === 1 ? await findLack(steps) : undefined;
      if (lack !== undefined) {
        return store.turnBack(saga, 0, new AppError("UNIMPLEMENTED", METHOD_MISSING, lack));
      }
      const stand = await dtm.driveSaga(call, { gid: saga.gid, steps: steps.map(dtmStep) });
      if (stand.state === "succeeded") return saga;
      if (stand.state === "goingOn") throw goesOn();
      const { back } = SAGA_STATE;
      const row =
        saga.state === back ? saga : await store.turnBack(saga, steps.length, refusal(steps, stand.reason));
      if (stand.state === "aborting") throw goesOn();
      return row;
    },
  };
}

function dtmStep({ action, compensate, request }: SagaStep): DtmStep {
  if (action.target === undefined || compensate.target === undefined) {
    throw new TypeError("a step of a saga that DTM drives has a branch without a place");
  }
  return { action: action.target, compensate: compensate.target, request };
}

/** What a step, or what takes it back, needs and nobody has. */
async function findLack(steps: readonly SagaStep[]): Promise<string | undefined> {
  const targets = steps.flatMap(({ action, compensate }) => [action.target, compensate.target]);
  const lacks = await Promise.all(targets.map((target) => target?.lacking()));
  return lacks.find((lack) => lack !== undefined);
}

/** DTM keeps no more of a refusal than its text. */
function refusal(steps: readonly SagaStep[], text: string): AppError {
  const known = steps.flatMap(({ refusals }) => refusals?.() ?? []).find(({ message }) => message === text);
  return known ?? new AppError("ABORTED", "BRANCH_REFUSED", text === "" ? "a branch refused" : text);
}

function goesOn(): AppError {
  return new AppError("UNAVAILABLE", "SAGA_GOES_ON", "DTM has not ended the saga yet");
}
