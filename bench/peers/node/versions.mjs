import { readFileSync } from "node:fs";

const { dependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

/** The version of a package that `package.json` names. */
export const versionOf = (name) => dependencies[name];
