// One run of the simulation: some cases at once, from a seed, until all of them have ended.
import { between, randomBy } from "../chaos/random.ts";
import { applicantActs, casesOf, everybodyEnds, officerActs } from "./cast.ts";
import { violations } from "./invariants.ts";
import { createWorld, fileCase, type World } from "./world.ts";

export interface Outcome {
  cases: number;
  acts: number;
  refused: number;
  delivered: number;
  again: number;
  crashes: number;
  /** Events of approvals by type. */
  events: Map<string, number>;
  /** Days of the simulated calendar. */
  days: number;
  violations: string[];
}

const hour = 3_600_000;

export async function simulate(seed: number, count: number): Promise<Outcome> {
  const random = randomBy(seed);
  const world = createWorld(random);
  const began = world.clock.now.getTime();
  const tally = { acts: 0, refused: 0 };
  const problems: string[] = [];
  try {
    for (let i = 0; i < count; i++) await fileCase(world, random, `c${seed}-${i}`);
    // Wild times first, then everybody does what is theirs.
    for (let step = 0; step < 120 * count; step++) {
      const draw = random();
      if (draw < 0.5) await world.bus.step();
      else if (draw < 0.8) tally[(await officerActs(world, random)) ? "acts" : "refused"] += 1;
      else if (draw < 0.88) await applicantActs(world, random, 0.5);
      else await timePasses(world, random() < 0.05 ? -between(random, 1, 3) : between(random, 1, 30));
    }
    for (let round = 0; round < 60 && casesOf(world).some(({ status }) => status !== "closed"); round++) {
      await settle(world);
      await everybodyEnds(world, random);
      await timePasses(world, between(random, 1, 48));
    }
    await settle(world);
    problems.push(...violations(world));
  } catch (error) {
    problems.push(`seed ${seed}: ${(error as Error).stack}`);
  }
  const events = new Map<string, number>();
  for (const { type } of world.approvals.log) events.set(type, (events.get(type) ?? 0) + 1);
  return {
    ...{
      ...tally,
      cases: count,
      ...world.bus.counts,
      crashes: world.counts.crashes,
      events,
      violations: problems,
    },
    days: Math.round((world.clock.now.getTime() - began) / (24 * hour)),
  };
}

async function settle({ bus }: World): Promise<void> {
  while (await bus.step());
}

/** The clock goes on, or is set back a little; what is due by then fires. */
async function timePasses({ clock, cases, approvals }: World, hours: number): Promise<void> {
  clock.now = new Date(clock.now.getTime() + hours * hour);
  await approvals.fire();
  await cases.fire();
}
