// node deploy/k8s/check.ts <objects.yaml> <secrets.yaml>: our own rules for what Kubernetes is given. Which workload may
// speak to which is worked out from the network policies as Kubernetes would, and held against the picture.
import {
  type Container,
  type KubernetesObject,
  type Peer,
  readObjects,
  selects,
  type Workload,
  workloadsOf,
} from "./objects.ts";

const objects = readObjects(process.argv[2]!);
const secrets = readObjects(process.argv[3]!);
const workloads = workloadsOf(objects);
const services = ["item-catalog", "verification", "licence-registry", "approval-workflow", "case-window"];
const processes = [...services, "front"];

/** Only where the settings name a collector of traces. */
const traced = objects.some(
  ({ kind, metadata, data }) =>
    kind === "ConfigMap" && metadata.name === "settings" && data?.ONETHING_TRACES_URL,
);

/** The picture: who calls whom, on which port. `outside:` is what lies beyond the namespace. */
const picture = new Set([
  "case-window > item-catalog:8081",
  "case-window > verification:8081",
  "case-window > licence-registry:8081",
  "verification > licence-registry:8081",
  "verification > outside:registers",
  "outside:departments > approval-workflow:8081",
  "outside:ingress-nginx > front:8080",
  ...services.flatMap((name) => [
    `front > ${name}:8080`,
    `front > ${name}:8081`,
    `${name} > postgres:5432`,
    `${name} > kafka:9092`,
    `${name} > redis:6379`,
  ]),
  ...processes.flatMap((name) => [`outside:monitoring > ${name}:8080`, `${name} > outside:issuer:443`]),
  ...(traced ? processes.map((name) => `${name} > outside:traces:4318`) : []),
  "front > redis:6379",
  "migrate > postgres:5432",
  "verify > postgres:5432",
  "topics > kafka:9092",
  "backup > postgres:5432",
  "base-backup > postgres:5432",
  "kafka > kafka:9092",
  "kafka > kafka:9093",
]);

const policies = objects
  .filter(({ kind }) => kind === "NetworkPolicy")
  .map(({ metadata: { name: policy }, spec }) => ({ ...spec!, policy }));
const nameOf = ({ labels }: Workload): string => labels["app.kubernetes.io/name"]!;

interface Opening {
  policy: string;
  peer: Peer | undefined;
  port: number;
  rest: number;
}

/** What a workload's own policies open in one direction; undefined when no policy closes it. */
function openings(workload: Workload, direction: "Ingress" | "Egress"): Opening[] | undefined {
  const own = policies.filter(
    (spec) => selects(spec.podSelector!, workload.labels) && spec.policyTypes!.includes(direction),
  );
  if (own.length === 0) return undefined;
  return own.flatMap(({ policy, ...spec }) =>
    (direction === "Ingress" ? (spec.ingress ?? []) : (spec.egress ?? [])).flatMap((rule) => {
      const peers = (direction === "Ingress" ? rule.from : rule.to) ?? [undefined];
      return peers.flatMap((peer) =>
        (rule.ports ?? [{ port: 0 }]).map(({ port, endPort }) => ({
          ...{ policy, peer, port: Number(port), rest: endPort ? endPort - Number(port) : 0 },
        })),
      );
    }),
  );
}

const within = ({ peer }: Opening): boolean => peer?.podSelector !== undefined && !peer.namespaceSelector;

/** Whoever may be called outside has a policy of its own, that names where it is. */
function beyond({ policy, peer, port }: Opening): string {
  if (!peer || peer.ipBlock?.cidr === "0.0.0.0/0") return `outside:anywhere:${port}`;
  return policy === "verification" ? "outside:registers" : `outside:${policy}:${port}`;
}

function arrows(): string[] {
  const found = new Set<string>();
  for (const from of workloads) {
    for (const opening of openings(from, "Egress") ?? [])
      if (!within(opening) && opening.port !== 53) found.add(`${nameOf(from)} > ${beyond(opening)}`);
    for (const to of workloads)
      for (const out of (openings(from, "Egress") ?? []).filter(within))
        for (const into of (openings(to, "Ingress") ?? []).filter(within))
          if (
            out.port === into.port &&
            selects(out.peer!.podSelector!, to.labels) &&
            selects(into.peer!.podSelector!, from.labels)
          )
            found.add(`${nameOf(from)} > ${nameOf(to)}:${out.port}`);
  }
  for (const to of workloads)
    for (const opening of (openings(to, "Ingress") ?? []).filter((one) => !within(one))) {
      const space = opening.peer?.namespaceSelector?.matchLabels?.["kubernetes.io/metadata.name"];
      const who = space ?? (opening.peer?.ipBlock ? "departments" : "anybody");
      found.add(`outside:${who} > ${nameOf(to)}:${opening.port}`);
    }
  return [...found];
}

function network(): string[] {
  const open = workloads.flatMap((workload) =>
    (["Ingress", "Egress"] as const)
      .filter((direction) => openings(workload, direction) === undefined)
      .map((direction) => `${workload.name}: nothing closes its ${direction.toLowerCase()}`),
  );
  const found = arrows();
  return [
    ...open,
    ...found.filter((arrow) => !picture.has(arrow)).map((arrow) => `not in the picture: ${arrow}`),
    ...[...picture]
      .filter((arrow) => !found.includes(arrow))
      .map((arrow) => `closed, but in the picture: ${arrow}`),
  ];
}

/** Pod Security `restricted`, and what we ask beyond it. */
function restricted({ kind, name, pod }: Workload): string[] {
  const context = pod.securityContext ?? {};
  const runsOnce = kind === "Job" || kind === "CronJob";
  const rules: [boolean, string][] = [
    [context.runAsNonRoot === true && (context.runAsUser ?? 0) > 0, "must run as a user that is not root"],
    [context.seccompProfile?.type === "RuntimeDefault", "must have the seccomp profile RuntimeDefault"],
    [pod.automountServiceAccountToken === false, "must not be given a token"],
    [pod.serviceAccountName !== undefined, "must have an account of its own"],
    [!pod.hostNetwork && !pod.hostPID, "must not share the machine's network or processes"],
    [(pod.volumes ?? []).every((volume) => !volume.hostPath), "must not mount the machine's folders"],
    [!processes.includes(name) || pod.topologySpreadConstraints?.length === 2, "must spread its replicas"],
  ];
  const containers = [...(pod.initContainers ?? []), ...pod.containers].flatMap((each) =>
    closed(each, !runsOnce && pod.containers.includes(each)),
  );
  return [...rules.filter(([kept]) => !kept).map(([, rule]) => rule), ...containers].map(
    (rule) => `${kind} ${name} ${rule}`,
  );
}

function closed(container: Container, serves: boolean): string[] {
  const { name, image, securityContext: context = {}, resources = {} } = container;
  const rules: [boolean, string][] = [
    [context.allowPrivilegeEscalation === false, "must not gain privileges"],
    [context.readOnlyRootFilesystem === true, "must not write to its root file system"],
    [
      context.capabilities?.drop?.includes("ALL") === true && !context.capabilities.add,
      "must drop ALL capabilities",
    ],
    [Boolean(resources.requests?.cpu && resources.requests.memory), "must request cpu and memory"],
    [Boolean(resources.limits?.cpu && resources.limits.memory), "must have limits of cpu and memory"],
    [/:[\w.-]*\d[\w.-]*$/.test(image), "must name its image by version"],
    [
      !serves || Boolean(container.startupProbe && container.readinessProbe && container.livenessProbe),
      "must have probes",
    ],
  ];
  return rules.filter(([kept]) => !kept).map(([, rule]) => `(${name}) ${rule}`);
}

const named = (kind: string): KubernetesObject[] => objects.filter((each) => each.kind === kind);

function steady(): string[] {
  return processes.flatMap((name) => [
    ...(named("PodDisruptionBudget").some((each) => each.metadata.name === name)
      ? []
      : [`${name} has no PodDisruptionBudget`]),
    ...(named("HorizontalPodAutoscaler").some(
      ({ spec }) => spec!.scaleTargetRef!.name === name && spec!.minReplicas! >= 2,
    )
      ? []
      : [`${name} has no HorizontalPodAutoscaler with two replicas at least`]),
  ]);
}

/** What is referred to is there: keys of config maps here, keys of secrets in what an installation makes. */
function references(): string[] {
  const keys = new Map<string, string[]>();
  for (const { kind, metadata, data, stringData } of [...objects, ...secrets])
    if (kind === "ConfigMap" || kind === "Secret")
      keys.set(`${kind} ${metadata.name}`, Object.keys(data ?? stringData ?? {}));
  const wanted = workloads.flatMap(({ name, pod }) => [
    ...[...(pod.initContainers ?? []), ...pod.containers].flatMap(({ env = [], envFrom = [] }) => [
      ...env.flatMap(({ valueFrom: { secretKeyRef: secret, configMapKeyRef: map } = {} }) => [
        ...(secret ? [{ name, at: `Secret ${secret.name}`, key: secret.key }] : []),
        ...(map && !map.optional ? [{ name, at: `ConfigMap ${map.name}`, key: map.key }] : []),
      ]),
      ...envFrom.flatMap(({ configMapRef: map }) =>
        map ? [{ name, at: `ConfigMap ${map.name}`, key: undefined }] : [],
      ),
    ]),
    ...(pod.volumes ?? []).flatMap(({ secret, configMap }) => [
      ...(secret
        ? (secret.items ?? [{ key: undefined }]).map(({ key }) => ({
            name,
            at: `Secret ${secret.secretName}`,
            key,
          }))
        : []),
      ...(configMap ? [{ name, at: `ConfigMap ${configMap.name}`, key: undefined }] : []),
    ]),
  ]);
  return wanted
    .filter(({ at, key }) => !keys.has(at) || (key !== undefined && !keys.get(at)!.includes(key)))
    .map(({ name, at, key }) => `${name} refers to ${at}${key ? ` key ${key}` : ""}, which is not there`);
}

const wrong = [
  ...(processes.every((name) => workloads.some((each) => each.name === name))
    ? []
    : ["a process is missing"]),
  ...(named("Secret").length > 0 ? ["secrets stand among the objects"] : []),
  ...workloads.flatMap(restricted),
  ...network(),
  ...steady(),
  ...references(),
];
for (const line of wrong) process.stderr.write(`objects: ${line}\n`);
if (wrong.length === 0)
  process.stdout.write(`${objects.length} objects, ${workloads.length} workloads, ${picture.size} arrows\n`);
process.exitCode = wrong.length > 0 ? 1 : 0;
