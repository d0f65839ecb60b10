// A module of the tour: leaves of the names of colleagues only the first letter. It runs inside the proxy, in a thread of its own.
export const interceptors = [
  { name: "initials", version: "1.0.0", type: "mutation", hooks: [{ events: ["tools/call"], phase: "response" }] },
];

export async function invoke({ name, phase, payload }) {
  const text = JSON.stringify(payload);
  const masked = text.replaceAll(/\b(?:Ada|Grace)\b/g, ([initial]) => `${initial}.`);
  return {
    interceptor: name,
    type: "mutation",
    phase,
    modified: masked !== text,
    payload: JSON.parse(masked),
  };
}
