/** Made by rolldown.config.js of the files in examples/. */
declare module "virtual:examples" {
  export const examples: readonly { readonly name: string; readonly text: string }[];
}

/** Made by rolldown.config.js of package.json. */
declare module "virtual:package" {
  export const version: string;
}

/** Made by rolldown.config.js of action.yml. */
declare module "virtual:action-inputs" {
  export const actionInputs: readonly { readonly name: string }[];
}
