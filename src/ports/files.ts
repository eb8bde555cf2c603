/** Files of ours, and files that a workflow names. */

/** Files with private modes. Every method throws the system's errors. */
export interface Files {
  read(path: string): Promise<string | null>;
  readBytes(path: string): Promise<Uint8Array | null>;
  /** Atomic: temporary file, rename. Whoever reads sees the old content or the new. */
  write(path: string, content: string | Uint8Array, mode: number): Promise<void>;
  /** Atomic: a symbolic link at `path` to `target`, in place of whatever file stood there. */
  link(target: string, path: string): Promise<void>;
  /**
   * Moves a file to `target` and leaves a relative link in its place. One that appears at `path` meanwhile is newer, and
   * moves as well. Finishes what was interrupted between the two; leaves a link as it is.
   */
  moveBehindLink(path: string, target: string): Promise<void>;
  /**
   * With mode 0700 and its missing parents. One that is there is closed to others; a link, or what belongs to somebody else,
   * is an EEXIST. @returns whether it was made now
   */
  makePrivateDirectory(path: string): Promise<"made" | "existed">;
  remove(path: string): Promise<void>;
  /**
   * Whether a program of this user could write the file anew, and so much beside it: throws what the system would say of a
   * read-only file, somebody else's, an immutable one, a read-only directory or a full disk. Leaves the file as it is.
   */
  demandReplaceable(path: string, roomBytes: number): Promise<void>;
  /** Changes whenever a file is written or replaced, even by the same content. @returns `null` for no file */
  stamp(path: string): Promise<string | null>;
  /** @returns `null` where nothing is */
  realpath(path: string): Promise<string | null>;
}

/** A file that is left alone: it is not there, not where its name says, ours, no plain file, too large, or refused by the system. */
export interface Refusal {
  readonly kind: "missing" | "link" | "kept" | "not-a-file" | "too-large" | "unusable";
}

export interface NamedPlace {
  /** The workspace: below it no component of a path may be a symbolic link. */
  readonly root: string;
  /** Directories of ours, in which nothing is read or written for anybody. */
  readonly kept: readonly string[];
}

/**
 * Files that a workflow names, in directories into which a checkout, an archive or a model puts what it likes. Links are
 * not followed, whenever they appear. Nothing throws. Paths are absolute.
 */
export interface NamedFiles {
  /** Never waits, as a FIFO would make it. */
  read(
    path: string,
    place: NamedPlace & { readonly limitBytes: number },
  ): Promise<{ readonly kind: "read"; readonly bytes: Uint8Array } | Refusal>;
  /** Atomic, 0644; its directory must be there. */
  write(path: string, content: string, place: NamedPlace): Promise<{ readonly kind: "written" } | Refusal>;
  /** @returns its path without links */
  directory(
    path: string,
    place: NamedPlace,
  ): Promise<{ readonly kind: "directory"; readonly real: string } | Refusal>;
  /** @returns which of the names leads from the directory to a file at or below `target` */
  linkTo(directory: string, names: readonly string[], target: string): Promise<string | null>;
  /** Whether a file at or below the path has a second name somewhere: a hard link. */
  hasOtherNames(path: string): Promise<boolean>;
}
