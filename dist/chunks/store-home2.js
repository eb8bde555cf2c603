import { t as storeChangedHome } from "./store-home.js";

export { storeChangedHome };