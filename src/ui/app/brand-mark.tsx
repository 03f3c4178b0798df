/** Spillway's mark: water going over a weir. */
export function BrandMark() {
  return (
    <svg className="brand" viewBox="0 0 28 28" role="img" aria-label="Spillway">
      <path
        d="M1 8h11c8 0 5 13 15 13"
        fill="none"
        stroke="var(--flow)"
        strokeWidth="3.2"
        strokeLinecap="round"
      />
      <path d="M4 25V14h6c4 0 4 11 9 11Z" fill="var(--ink)" />
    </svg>
  );
}
