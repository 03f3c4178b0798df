import { lazy, Suspense } from 'react';
import type { DesignNode } from '../../design/types.ts';
import type { KindDefinition } from '../../kinds/kind.ts';
import { nodeSite } from '../../kinds/fault-site.ts';
import { kindDefinition } from '../../kinds/registry.ts';
import { problemText } from '../app/problem-words.ts';
import { useDesign, useStudio } from '../app/studio-context.tsx';
import { useAllProblems } from '../app/use-all-problems.ts';
import { useFrameTick } from '../controls/use-frame-tick.ts';
import { KindTile } from '../look/glyph.tsx';
import { BreakMenu } from './break-menu.tsx';
import { ClusterBrokers } from './cluster-brokers.tsx';
import { FieldList } from './fields/field-list.tsx';
import { LoadLine } from './figures/load-line.tsx';
import { LetterList } from './letter-list.tsx';
import { nodeFigures } from './figures/node-figures.ts';
import { readMembers, readNode } from './figures/node-reading.ts';
import { NowTable } from './figures/now-table.tsx';
import { ProfileCard } from './profile-card.tsx';
import { useDraft } from './use-draft.ts';
import { WhyBlock } from './why/why-block.tsx';

/** The machines come with XState, which nothing else on the first screen needs. */
const GroupMachine = lazy(() => import('./machines/group-machine.tsx'));
const PublisherMachine = lazy(() => import('./machines/publisher-machine.tsx'));
const PartitionMachine = lazy(() => import('./machines/partition-machine.tsx'));
const NodeMachine = lazy(() => import('./machines/node-machine.tsx'));
const RetryMachine = lazy(() => import('./machines/retry-machine.tsx'));

/** One node: what it is, why it stands as it does, its figures, its machine, its fields. */
export function NodeInspector({ node }: { node: DesignNode }) {
  const definition = kindDefinition(node.kind);
  if (!definition) {
    return (
      <>
        <header>
          <NodeName node={node} kindName={`Unknown kind ${node.kind}`} />
        </header>
        <p className="note">
          This version does not know the kind {node.kind}. It is kept in the file and left out of the run.
        </p>
      </>
    );
  }
  return (
    <>
      <header>
        <KindTile family={definition.family} glyph={definition.glyph} size={34} />
        <NodeName node={node} kindName={definition.name} />
        <BreakMenu site={nodeSite(node)} />
      </header>
      <NodeProblems nodeId={node.id} definition={definition} />
      <WhyBlock nodeId={node.id} />
      {node.kind !== 'broker-cluster' && <LoadLine nodeId={node.id} />}
      <Now node={node} />
      {node.kind === 'consumer-group' && (
        <Suspense fallback={null}>
          <GroupMachine node={node} />
          <RetryMachine node={node} />
        </Suspense>
      )}
      {node.kind === 'topic' && (
        <Suspense fallback={null}>
          <PartitionMachine node={node} />
        </Suspense>
      )}
      {node.kind === 'broker-cluster' && <ClusterBrokers node={node} />}
      {node.kind === 'producer' && node.fields.client === 'rabbitmq' && (
        <Suspense fallback={null}>
          <PublisherMachine node={node} />
        </Suspense>
      )}
      {['queue', 'service', 'database', 'producer'].includes(node.kind) && (
        <Suspense fallback={null}>
          <NodeMachine node={node} />
        </Suspense>
      )}
      {node.kind === 'dead-letter-queue' && <LetterList node={node} />}
      <FieldList node={node} definition={definition} />
      <ProfileCard node={node} />
    </>
  );
}

function NodeName({ node, kindName }: { node: DesignNode; kindName: string }) {
  const studio = useStudio();
  const draft = useDraft({
    text: node.name,
    commit: (text) => {
      const name = text.trim();
      if (!name) return 'Give it a name.';
      studio.edit.dispatch({ type: 'rename-node', node: node.id, name });
      return null;
    },
  });
  return (
    <div className="what">
      <h1 className="visually-hidden">{node.name}</h1>
      <input
        className="title-input"
        aria-label="Name"
        title={node.name}
        maxLength={200}
        spellCheck={false}
        {...draft.input}
      />
      <p className="kind">{draft.problem ?? kindName}</p>
    </div>
  );
}

function NodeProblems({ nodeId, definition }: { nodeId: string; definition: KindDefinition }) {
  const design = useDesign((state) => state.design);
  const problems = useAllProblems().filter((problem) => problem.node === nodeId);
  if (problems.length === 0) return null;
  return (
    <ul className="node-problems">
      {problems.map((problem) => (
        <li key={`${problem.code} ${problem.message}`}>
          {problem.field && problem.path && `${fieldLabel(definition, problem.field)}: `}
          {problemText(design, problem)}
        </li>
      ))}
    </ul>
  );
}

function fieldLabel(definition: KindDefinition, name: string): string {
  return definition.fields.find((field) => field.name === name)?.label ?? name;
}

function Now({ node }: { node: DesignNode }) {
  const frame = useFrameTick(4);
  const reading = frame && readNode(frame, node.id);
  if (!reading) return null;
  return <NowTable title="Now" rows={nodeFigures(node.kind, reading, readMembers(frame, node.id))} />;
}
