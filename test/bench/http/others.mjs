// The proxies that people take from npm, put into a folder that goes away: they are measured, not depended on.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const VERSIONS = { "mcp-proxy": "6.7.19", supergateway: "4.0.0" };

/** Where their programs are, or `undefined` where npm cannot get them. */
export function installOthers(folder) {
  const place = join(folder, "others");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "package.json"), JSON.stringify({ private: true, dependencies: VERSIONS }));
  // `npm run` hands its own strictness on, and what they say about Node is theirs to keep.
  process.stderr.write("installing mcp-proxy and supergateway …\n");
  const { status, stderr } = spawnSync(
    "npm",
    ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--engine-strict=false"],
    {
      cwd: place,
      shell: process.platform === "win32",
      encoding: "utf8",
    },
  );
  if (status === 0) {
    return {
      mcpProxy: join(place, "node_modules/mcp-proxy/dist/bin/mcp-proxy.mjs"),
      supergateway: join(place, "node_modules/supergateway/dist/index.js"),
    };
  }
  process.stderr.write(`they cannot be installed, and are not measured:\n${stderr.slice(-1000)}\n`);
  return undefined;
}
