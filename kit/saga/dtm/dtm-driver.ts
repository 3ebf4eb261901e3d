import { AppError } from "@mall/kit/errors";
import { METHOD_MISSING } from "@mall/kit/resilience";
import type { SagaDriver } from "../embedded-driver.ts";
import type { SagaStep } from "../saga.ts";
import { SAGA_STATE, type SagaStore } from "../saga-store.ts";
import type { Dtm, DtmStep } from "./dtm.ts";

/** Has a DTM server drive sagas, and asks it until they have ended. */
export function createDtmDriver(dtm: Dtm, store: SagaStore): SagaDriver {
  return {
    drive: async (call, saga, step, attempt) => {
      // DTM retries for ever and cannot be stopped, so a missing method must be found before it hears of the saga.
      const lack = attempt === 1 ? await findLack(step) : undefined;
      if (lack !== undefined) {
        return store.turnBack(saga, 0, new AppError("UNIMPLEMENTED", METHOD_MISSING, lack));
      }
      const stand = await dtm.driveSaga(call, { gid: saga.gid, steps: [dtmStep(step)] });
      if (stand.state === "succeeded") return saga;
      if (stand.state === "goingOn") throw goesOn();
      const { back } = SAGA_STATE;
      const row = saga.state === back ? saga : await store.turnBack(saga, 1, refusal(step, stand.reason));
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

/** The method that the action or the compensation needs and that its service lacks. */
async function findLack({ action, compensate }: SagaStep): Promise<string | undefined> {
  const lacks = await Promise.all([action, compensate].map(({ target }) => target?.lacking()));
  return lacks.find((lack) => lack !== undefined);
}

/** DTM keeps only the text of a refusal. */
function refusal({ refusals }: SagaStep, text: string): AppError {
  const known = refusals?.().find(({ message }) => message === text);
  return known ?? new AppError("ABORTED", "BRANCH_REFUSED", text === "" ? "a branch refused" : text);
}

function goesOn(): AppError {
  return new AppError("UNAVAILABLE", "SAGA_GOES_ON", "DTM has not ended the saga yet");
}
