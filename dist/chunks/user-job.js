import { t as runJob } from "./user-job2.js";

export { runJob };