import { describeChannel } from "../test-channel-conformance.ts";
import { openSimulatedStripe } from "./test-simulated-stripe.ts";

describeChannel("stripe, on pages of Checkout", () => openSimulatedStripe("checkout"));
describeChannel("stripe, by intents", () => openSimulatedStripe("intent"));
