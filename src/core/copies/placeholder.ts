/** What a person puts into a copy's secret before there is a copy: GitHub masks it, so it is no word of a log. */
export const NO_COPY_YET = "no-copy-yet";
