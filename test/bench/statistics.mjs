// Medians, spreads and ratios of numbers that were measured in turns.

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** How far the middle half lies apart, as a part of the median. */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
  return (at(0.75) - at(0.25)) / median(values);
}

/** Of what was measured side by side, round by round: what disturbs one round disturbs both. */
export function ratio(values, others) {
  return median(values.map((value, index) => value / others[index]));
}
