// A validator: refuses messages in which something looks like a secret. It runs inside the proxy, in a thread of its own.

/** What has a shape of its own. */
const SHAPES = [
  ["an AWS access key", /\bAKIA[0-9A-Z]{16}\b/],
  ["a GitHub token", /\b(?:ghp|gho|ghs|ghu)_[A-Za-z0-9]{36}\b/],
  ["a Stripe key", /\bsk_live_[A-Za-z0-9]{16,}\b/],
  ["a Slack token", /\bxox[abprs]-[A-Za-z0-9-]{10,}/],
  ["a private key", /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/],
  ["a JSON Web Token", /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}/],
];

const hooks = ["request", "response"].map((phase) => ({
  events: ["tools/call", "prompts/get", "resources/read"],
  phase,
}));

export const interceptors = [
  {
    name: "secrets",
    version: "1.0.0",
    description: "Refuses what looks like a secret: by its shape, or by its randomness beside a telling name.",
    type: "validation",
    hooks,
    configSchema: {
      type: "object",
      properties: {
        entropy: {
          type: "number",
          description: "Bits a character; above it, a value of a telling name is a secret. Default 3.5.",
        },
      },
    },
  },
];

export async function invoke({ name, phase, payload, config = {} }) {
  const messages = [...findings(payload, config.entropy ?? 3.5)];
  const echo = { interceptor: name, type: "validation", phase };
  if (messages.length === 0) return { ...echo, valid: true };
  return { ...echo, valid: false, severity: "error", messages };
}

function* findings(value, entropy, path = "", key = "") {
  if (typeof value === "string") {
    const what =
      shapeOf(value) ?? (isTelling(key) && isRandom(value, entropy) ? "a random value of a telling name" : undefined);
    if (what !== undefined) yield { path, message: `it looks like ${what}`, severity: "error" };
  } else if (typeof value === "object" && value !== null) {
    for (const [inner, member] of Object.entries(value)) {
      yield* findings(member, entropy, path === "" ? inner : `${path}.${inner}`, Array.isArray(value) ? key : inner);
    }
  }
}

function shapeOf(text) {
  return SHAPES.find(([, shape]) => shape.test(text))?.[0];
}

function isTelling(key) {
  return /pass(word|wd|phrase)?$|secret|token|api_?key|credential/i.test(key);
}

/** Shannon's entropy of its characters. */
function isRandom(text, bits) {
  if (text.length < 16 || /\s/.test(text)) return false;
  const counts = new Map();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / text.length) * Math.log2(count / text.length);
  return entropy > bits;
}
