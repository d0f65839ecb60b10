// Every row of the route table (2025-11-25 and older): each place that carries a name, URI, id, cursor or token, in both directions.
import { describe, expect, test } from "vitest";
import { questions } from "./route-table/questions.ts";
import { requests } from "./route-table/requests.ts";
import type { Row } from "./route-table/row.ts";
import { things } from "./route-table/things.ts";
import { uris } from "./route-table/uris.ts";
import { type Said, Stage } from "./stage.ts";

const rows = [...things, ...uris, ...requests, ...questions];

function heard({ scene, lines }: Row): readonly (readonly Said[])[] {
  const stage = Stage.open(scene);
  return lines.map(([from, message]) => (from === "client" ? stage.client(message) : stage.server(from, message)));
}

describe("the route table", () => {
  test.each(rows.map((row) => [row.name, row] as const))("%s", (_name, row) =>
    expect(heard(row)).toEqual(row.lines.map(([, , said]) => said)),
  );
});
