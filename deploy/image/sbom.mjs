// A bill of materials in CycloneDX 1.6: Node itself, every package from npm, every package of the base.

/** Stanzas of dpkg's status file, those that are installed. */
export function systemPackages(status) {
  return status
    .split(/\n\n+/)
    .map((stanza) =>
      Object.fromEntries([...stanza.matchAll(/^([\w-]+): (.*)$/gm)].map(([, key, value]) => [key, value])),
    )
    .filter((each) => each.Status === "install ok installed")
    .map(({ Package, Version, Architecture }) => ({
      type: "library",
      name: Package,
      version: Version,
      purl: `pkg:deb/debian/${Package}@${encodeURIComponent(Version)}?arch=${Architecture}`,
    }));
}

export function billOfMaterials({ service, version, packages, system }) {
  const name = `onething/${service}`;
  const node = process.versions.node;
  const components = [
    {
      type: "application",
      name: "node",
      version: node,
      purl: `pkg:generic/node@${node}`,
      licenses: licence("MIT"),
    },
    ...packages.map(({ about, own }) => component(about, own)),
    ...system,
  ];
  const unique = new Map(components.map((each) => [each.purl, { "bom-ref": each.purl, ...each }]));
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "container",
        name,
        version,
        "bom-ref": `pkg:oci/${service}@${version}`,
        licenses: licence("Apache-2.0"),
      },
    },
    components: [...unique.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1)),
  };
}

function component({ name, version, license }, own) {
  const purl = `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
  return { type: "library", name, version, purl, licenses: licence(own ? "Apache-2.0" : license) };
}

/** What package.json says: an SPDX identifier or an expression of several. */
function licence(said) {
  if (typeof said !== "string") return [];
  return /^[\w.+-]+$/.test(said) ? [{ license: { id: said } }] : [{ expression: said }];
}
