import type { ConnectionLineComponentProps } from '@xyflow/react';

/** The line that follows the pointer while a connection is drawn: your hand, so in the accent. */
export function ConnectionLine({ fromX, fromY, toX, toY, fromPosition }: ConnectionLineComponentProps) {
  const middle = (fromX + toX) / 2;
  const d =
    fromPosition === 'bottom'
      ? `M${fromX} ${fromY}C${fromX} ${(fromY + toY) / 2} ${middle} ${toY} ${toX} ${toY}`
      : `M${fromX} ${fromY}C${middle} ${fromY} ${middle} ${toY} ${toX} ${toY}`;
  return (
    <g className="connection-line">
      <path d={d} />
      <circle cx={toX} cy={toY} r="4" />
    </g>
  );
}
