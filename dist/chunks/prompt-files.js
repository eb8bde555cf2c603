import { n as refusePlantedFiles, r as writeNamedFile, t as readNamedFile } from "./prompt-files2.js";

export { refusePlantedFiles };