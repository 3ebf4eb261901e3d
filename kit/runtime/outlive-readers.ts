/**
 * Has this process go on where nobody reads on what it says (`mall jobs list | head`): what is begun is done, and a
 * migration is not cut short by that.
 */
export function outliveReaders(): void {
  for (const output of [process.stdout, process.stderr])
    output.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
}
