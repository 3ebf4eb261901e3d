import assert from "node:assert/strict";
import { it } from "node:test";
import { forEachDatabase } from "@mall/kit/testing";
import { defineParticipant, Participants } from "./participants.ts";

interface Greeter {
  greet(): string;
}

const GREETER = defineParticipant<Greeter>("test.greeter");

forEachDatabase("services that take part in transactions of their neighbours", (databases) => {
  it("are found for the database that they stand on, and for no other", async () => {
    const [own, other] = [await databases.open(), await databases.open()];
    const participants = new Participants();
    assert.equal(participants.find(GREETER, own), undefined);
    participants.offer(GREETER, own, { greet: () => "hello" });
    assert.equal(participants.find(GREETER, own)?.greet(), "hello");
    assert.equal(participants.find(GREETER, other), undefined);
    assert.equal(participants.find(defineParticipant<Greeter>("test.greeter"), own), undefined);
  });
});
