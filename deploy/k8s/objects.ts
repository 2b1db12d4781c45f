// Kubernetes objects as far as check.ts looks at them.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(new URL("../../services/item-catalog/package.json", import.meta.url));
const yaml = require("yaml") as { parseAllDocuments(text: string): { toJS(): unknown }[] };

export type Labels = Record<string, string>;

export interface Container {
  name: string;
  image: string;
  securityContext?: {
    allowPrivilegeEscalation?: boolean;
    readOnlyRootFilesystem?: boolean;
    capabilities?: { drop?: string[]; add?: string[] };
  };
  resources?: { requests?: Labels; limits?: Labels };
  startupProbe?: object;
  readinessProbe?: object;
  livenessProbe?: object;
  ports?: { name: string; containerPort: number }[];
  env?: {
    name: string;
    value?: string;
    valueFrom?: { secretKeyRef?: Reference; configMapKeyRef?: Reference };
  }[];
  envFrom?: { configMapRef?: { name: string }; secretRef?: { name: string } }[];
}

interface Reference {
  name: string;
  key: string;
  optional?: boolean;
}

export interface PodSpec {
  serviceAccountName?: string;
  automountServiceAccountToken?: boolean;
  hostNetwork?: boolean;
  hostPID?: boolean;
  securityContext?: { runAsNonRoot?: boolean; runAsUser?: number; seccompProfile?: { type: string } };
  containers: Container[];
  initContainers?: Container[];
  volumes?: {
    name: string;
    hostPath?: object;
    secret?: { secretName: string; items?: { key: string }[] };
    configMap?: { name: string };
  }[];
  topologySpreadConstraints?: object[];
}

export interface Template {
  metadata: { labels: Labels };
  spec: PodSpec;
}

export interface Selector {
  matchLabels?: Labels;
  matchExpressions?: { key: string; operator: string; values: string[] }[];
}

export interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string };
}

export interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: { port: number | string; protocol?: string; endPort?: number }[];
}

export interface KubernetesObject {
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Labels };
  data?: Labels;
  stringData?: Labels;
  spec?: {
    template?: Template;
    jobTemplate?: { spec: { template: Template } };
    selector?: Selector | Labels;
    podSelector?: Selector;
    policyTypes?: string[];
    ingress?: Rule[];
    egress?: Rule[];
    minReplicas?: number;
    scaleTargetRef?: { name: string };
    ports?: { name: string; port: number; targetPort?: number | string }[];
  };
}

export const readObjects = (file: string): KubernetesObject[] =>
  yaml
    .parseAllDocuments(readFileSync(file, "utf8"))
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((each) => each !== null);

export interface Workload {
  kind: string;
  name: string;
  labels: Labels;
  pod: PodSpec;
}

export const workloadsOf = (objects: readonly KubernetesObject[]): Workload[] =>
  objects.flatMap(({ kind, metadata, spec }) => {
    const template = spec?.jobTemplate?.spec.template ?? spec?.template;
    return template
      ? [{ kind, name: metadata.name, labels: template.metadata.labels, pod: template.spec }]
      : [];
  });

/** An empty selector selects everything, as Kubernetes has it. */
export function selects(selector: Selector, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      if (operator !== "In") throw new Error(`the check does not know the operator ${operator}`);
      return values.includes(labels[key] ?? "");
    })
  );
}
