// Waiting for something, but no longer than a while.

/** `undefined`: it took longer. */
export async function within<Value>(milliseconds: number, promise: Promise<Value>): Promise<Value | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((tell) => {
    timer = setTimeout(() => tell(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether it settled well in that time. */
export async function isInTime(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  return (
    (await within(
      milliseconds,
      promise.then(() => true),
    )) === true
  );
}
