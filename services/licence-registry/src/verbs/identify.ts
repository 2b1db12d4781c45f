// Who is behind an identity number: an opaque person id, the same for the same number for ever.
import { conflict, invalid } from "@onething/kernel/errors";
import { isCitizenNumber } from "@onething/kernel/identity";
import { idFrom } from "@onething/kernel/ids";
import { type HolderState, type Identify, isNews } from "../domain/holder.ts";
import { holderKind } from "../kinds.ts";
import type { Registry } from "../registry.ts";
import { holderOfNumber, holdersOf, holdsAny } from "../store.ts";

export interface Identity {
  number: string;
  name: string;
}

export async function identify(registry: Registry, actor: string, given: Identity): Promise<string> {
  const identity = { number: checkedNumber(given.number), name: given.name.trim() };
  const numberHash = hashOfNumber(registry, identity.number);
  const known = await holderOfNumber(registry.db, numberHash);
  const personId = known?.personId ?? idFrom("person", numberHash);
  await learn(registry, actor, personId, identity, known ?? null, "claimed");
  return personId;
}

/** Binds what an authority's record says about its holder. Errors: `conflict` if the number is somebody else's. */
export async function bind(
  registry: Registry,
  actor: string,
  personId: string,
  said: Identity,
): Promise<void> {
  if (!said.number && !said.name) return;
  const identity = { number: said.number && checkedNumber(said.number), name: said.name.trim() };
  const [known] = await holdersOf(registry.db, [personId]);
  await learn(registry, actor, personId, identity, known ?? null, "attested");
}

async function learn(
  registry: Registry,
  actor: string,
  personId: string,
  identity: Identity,
  known: HolderState | null,
  word: Identify["word"],
): Promise<void> {
  const { db, journal, keyring } = registry;
  const numberHash = identity.number && hashOfNumber(registry, identity.number);
  const nameHash = identity.name && keyring.hash("name", identity.name);
  if (!isNews(known, { numberHash, nameHash })) return;
  const owner = numberHash ? await holderOfNumber(db, numberHash) : undefined;
  if (owner && owner.personId !== personId)
    throw conflict(
      "holder.number_taken",
      "该身份号码已属于另一个人，请核实",
      "This identity number belongs to another person already; it must be looked into",
    );
  const completes = known?.sealedIdentity ?? "";
  const [old = {}] = completes ? await keyring.open([completes], { actor, purpose: "identify" }) : [];
  const sealer = await keyring.sealer(`holder/${personId}`);
  const sealedIdentity = sealer.seal({
    number: identity.number || (old.number ?? ""),
    name: identity.name || (old.name ?? ""),
  });
  const proved = await holdsAny(db, personId);
  const facts = { numberHash, nameHash, sealedIdentity, completes };
  await journal.submit(
    holderKind,
    personId,
    { type: "identify", personId, word, proved, ...facts },
    { actor },
  );
}

const hashOfNumber = ({ keyring }: Registry, number: string): string =>
  keyring.hash("citizen-number", number);

function checkedNumber(text: string): string {
  const number = text.trim().toUpperCase();
  if (isCitizenNumber(number)) return number;
  const words = {
    zh: "身份证号码有误，请核对后重新填写",
    en: "This is not a valid identity number; check it and enter it again",
  };
  throw invalid("holder.identity_number", words.zh, words.en, {
    fields: [{ field: "identityNumber", text: words }],
  });
}
