import type { DesignNode } from '../../../design/types.ts';
import { compileMachine } from '../../../machines/compile-machine.ts';
import { diagramOf } from '../../../machines/diagram.ts';
import { groupCoordinatorMachine } from '../../../machines/group-coordinator.machine.ts';
import { groupMemberMachine } from '../../../machines/group-member.machine.ts';
import { groupTransactionMachine } from '../../../machines/group-transaction.machine.ts';
import { useDesign, useRun, useStudio } from '../../app/studio-context.tsx';
import { useFrameTick } from '../../controls/use-frame-tick.ts';
import { HEADER } from '../../../simulation/frame/frame-layout.ts';
import { perSecond } from '../../look/figures.ts';
import { LiveMachine } from './live-machine.tsx';
import { readMembers, readNode, readReaders, type MemberReading } from '../figures/node-reading.ts';
import { shownDiagram } from './shown-diagram.ts';
import { Statechart } from './statechart.tsx';

const COORDINATOR = compileMachine(groupCoordinatorMachine);
const MEMBER = compileMachine(groupMemberMachine);
const MEMBER_LABELS = new Map(diagramOf(groupMemberMachine).states.map((state) => [state.name, state.label]));
const DIAGRAM = diagramOf(groupCoordinatorMachine);

/** The way round the protocol reads from left to right; the empty group lies aside. */
const ROWS = [
  ['stable', 'preparing-rebalance', 'completing-rebalance'],
  ['empty', 'reconciling'],
];

const TRANSACTION = compileMachine(groupTransactionMachine).states;
const TRANSACTION_DIAGRAM = shownDiagram(groupTransactionMachine);
const TRANSACTION_ROWS = [
  ['none', 'open'],
  ['left-open', 'committing'],
];

/** A group's coordinator as its live statechart, the transactions of its members as theirs, and the state of each member. */
export default function GroupMachine({ node }: { node: DesignNode }) {
  const frame = useFrameTick(4);
  const reading = frame && readNode(frame, node.id);
  if (!frame || !reading) return null;
  const members = readMembers(frame, node.id);
  const current = COORDINATOR.states[reading.machineState];
  const readsTopic = readReaders(frame, node.id).length > 0;
  return (
    <>
      {readsTopic && current !== undefined && (
        <LiveMachine
          label="Group state"
          diagram={DIAGRAM}
          rows={ROWS}
          current={current}
          usual="stable"
          forMs={frame.data[HEADER.simulatedMs] - reading.machineSinceMs}
        />
      )}
      {members.some(({ transaction }) => transaction >= 0) && <Transactions members={members} />}
      <Members node={node} members={members} readsTopic={readsTopic} />
    </>
  );
}

/** How many members are in each state of their transactions. */
function Transactions({ members }: { members: readonly MemberReading[] }) {
  const counts = Object.fromEntries(
    TRANSACTION.map((name, state) => [
      name,
      members.filter(({ transaction }) => transaction === state).length,
    ]),
  );
  return (
    <section aria-label="Transactions of its members">
      <h2>Transactions of its members</h2>
      <Statechart
        states={TRANSACTION_DIAGRAM.states}
        transitions={TRANSACTION_DIAGRAM.transitions}
        rows={TRANSACTION_ROWS}
        current={null}
        exceptional={counts['left-open'] > 0}
        width={272}
        counts={counts}
      />
    </section>
  );
}

interface MembersProps {
  node: DesignNode;
  members: readonly MemberReading[];
  readsTopic: boolean;
}

/** Most members listed one by one; of a larger group, those in trouble come first. */
const MEMBERS_SHOWN = 12;

function Members({ node, members, readsTopic }: MembersProps) {
  const frame = useFrameTick(4);
  const design = useDesign((state) => state.design);
  const names = new Map(design.nodes.map(({ id, name }) => [id, name]));
  const owned = new Map<number, string[]>();
  if (frame && readsTopic) {
    const rows = readReaders(frame, node.id);
    const isOne = rows.every(({ topic }) => topic === rows[0].topic);
    for (const { owner, topic, partition } of rows) {
      const name = isOne ? `p${partition}` : `${names.get(topic) ?? topic} p${partition}`;
      owned.set(owner, [...(owned.get(owner) ?? []), name]);
    }
  }
  const shown =
    members.length <= MEMBERS_SHOWN
      ? members
      : members.toSorted((a, b) => Number(isWell(a)) - Number(isWell(b))).slice(0, MEMBERS_SHOWN);
  return (
    <section aria-label="Members">
      <h2>Members</h2>
      <ul className="members">
        {shown.map((member) => (
          <Member
            key={member.number}
            node={node}
            member={member}
            partitions={owned.get(member.number) ?? []}
          />
        ))}
      </ul>
      {members.length > shown.length && <p className="note">{members.length - shown.length} more members</p>}
    </section>
  );
}

interface MemberProps {
  node: DesignNode;
  member: MemberReading;
  partitions: readonly string[];
}

function Member({ node, member, partitions }: MemberProps) {
  const studio = useStudio();
  const crash = useRun((run) => run.activeFaults).find(
    (fault) => fault.node === node.id && fault.fault === 'crash' && fault.args.member === member.number,
  );
  const state = MEMBER.states[member.state] ?? '';
  const mark = markOf(state);
  return (
    <li className={crash ? 'yours' : undefined}>
      <span className={`mark ${mark.name}`} aria-hidden>
        {mark.glyph}
      </span>
      <b>m{member.number}</b>
      <span className="grow">
        {state === 'reading' && partitions.length > 0
          ? partitions.join(partitions.some((name) => name.includes(' ')) ? ', ' : ' ')
          : (MEMBER_LABELS.get(state) ?? 'Unknown')}
      </span>
      <span>{perSecond(member.perSecond)}</span>
      <button
        type="button"
        className="link small"
        aria-label={`${crash ? 'Restore' : 'Crash'} m${member.number}`}
        onClick={() =>
          crash ? studio.run.heal(crash.id) : studio.run.inject(node.id, 'crash', { member: member.number })
        }
      >
        {crash ? 'Restore' : 'Crash'}
      </button>
    </li>
  );
}

function isWell(member: MemberReading): boolean {
  return markOf(MEMBER.states[member.state] ?? '').name === 'alive';
}

/** ● at work or ready to be, × dead, ⟲ on the way back into the group. */
function markOf(state: string): { name: 'alive' | 'dead' | 'moving'; glyph: string } {
  if (state === 'reading' || state === 'paused' || state === 'standing-by')
    return { name: 'alive', glyph: '●' };
  if (state === 'crashed' || state === 'removed' || state === 'stopped') return { name: 'dead', glyph: '×' };
  return { name: 'moving', glyph: '⟲' };
}
