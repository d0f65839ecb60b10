// Functions of expressions whose names a `let` could bear (those in camel case cannot be one).

export const FUNCTION_NAMES: ReadonlySet<string> = new Set(
  [
    "abs append assert average boolean ceil clone contains count distinct each error eval exists filter floor join keys",
    "length local lookup lowercase map match max merge millis min not now number pad parse power random reduce replace",
    "reverse round shuffle sift single sort split spread sqrt string substring sum tokens trim truncate type uppercase zip",
  ].flatMap((line) => line.split(" ")),
);
