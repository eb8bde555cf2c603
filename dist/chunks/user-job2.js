import { t as runJob } from "./user-job.js";

export { runJob };