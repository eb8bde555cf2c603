import { mutationOf } from "./room.js";

export default mutationOf("action");
