/** The body of an answer. A refusal was thrown before. */
export async function data<T>(asked: Promise<{ data?: T }>): Promise<T> {
  return (await asked).data as T;
}
