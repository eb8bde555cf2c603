/** Made by rolldown.config.js of the files in examples/. */
declare module "virtual:examples" {
  export const examples: readonly { readonly name: string; readonly text: string }[];
}

/** Made by rolldown.config.js of package.json. */
declare module "virtual:package" {
  export const version: string;
}
