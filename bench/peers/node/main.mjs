// Measures one of the systems in Node and writes what it measured to a file.
// Arguments: the system, `full` or `quick`, the file, an empty directory, the port of the server.
import { writeFileSync } from "node:fs";
import { measure } from "./harness.mjs";

const [system, plan, file, directory, port] = process.argv.slice(2);
const [name, variant] = system.split(":");
const { create } = await import(`./peers/${name}.mjs`);
const measured = await measure(await create({ port: Number(port), variant }), plan, directory);
writeFileSync(file, JSON.stringify(measured));
process.exit(0);
