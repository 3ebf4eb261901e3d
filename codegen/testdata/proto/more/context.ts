/** What the logic of a real service stands on; this one needs nothing. */
export type ServiceContext = Record<string, never>;
