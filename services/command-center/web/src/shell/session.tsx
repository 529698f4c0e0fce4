import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, type ReactNode } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { ApiError } from '../api/client.ts';
import { api } from '../api/routes.ts';
import { LiveProvider } from '../live/use-feed.tsx';
import { QueuePage } from '../queue/queue-page.tsx';
import { maySee, type Page } from './pages.ts';
import { Failing, Forbidden, Loading } from './page-states.tsx';
import { SignIn } from './sign-in.tsx';
import { Shell } from './shell.tsx';

const IncidentPage = lazy(() => import('../incident/incident-page.tsx').then((module) => ({ default: module.IncidentPage })));
const MapPage = lazy(() => import('../map/map-page.tsx').then((module) => ({ default: module.MapPage })));
const SourcesPage = lazy(() => import('../sources/sources-page.tsx').then((module) => ({ default: module.SourcesPage })));
const AuditPage = lazy(() => import('../audit/audit-page.tsx').then((module) => ({ default: module.AuditPage })));
const SubjectsPage = lazy(() => import('../subjects/subjects-page.tsx').then((module) => ({ default: module.SubjectsPage })));
const UnknownsPage = lazy(() => import('../unknowns/unknowns-page.tsx').then((module) => ({ default: module.UnknownsPage })));
const RulesPage = lazy(() => import('../steering/rules-page.tsx').then((module) => ({ default: module.RulesPage })));
const RulePage = lazy(() => import('../steering/rule-page.tsx').then((module) => ({ default: module.RulePage })));
const ModelsPage = lazy(() => import('../steering/models-page.tsx').then((module) => ({ default: module.ModelsPage })));
const BudgetPage = lazy(() => import('../steering/budget-page.tsx').then((module) => ({ default: module.BudgetPage })));
const ErasuresPage = lazy(() => import('../steering/erasures-page.tsx').then((module) => ({ default: module.ErasuresPage })));
const WallPage = lazy(() => import('../wall/wall-page.tsx').then((module) => ({ default: module.WallPage })));

export function Session(): ReactNode {
  const queries = useQueryClient();
  const me = useQuery({ queryKey: ['me'], queryFn: api.me, staleTime: Number.POSITIVE_INFINITY });
  const refresh = (): void => void queries.resetQueries({ queryKey: ['me'] });
  if (me.isPending) return <Loading />;
  if (me.error instanceof ApiError && me.error.status === 401) return <SignIn onDone={refresh} />;
  if (me.error !== null) return <Failing error={me.error} onRetry={() => void me.refetch()} />;
  const { role } = me.data;
  const listens = maySee('queue', role);
  const home = listens ? null : role === 'operator' ? '/sources' : role === 'auditor' ? '/audit' : null;
  const guarded = (page: Page, element: ReactNode): ReactNode => (maySee(page, role) ? element : <Forbidden role={role} />);
  return (
    <LiveProvider me={me.data} listens={listens}>
      <Shell onSignedOut={refresh}>
        <Suspense fallback={<Loading />}>
          <Routes>
            <Route path="/" element={home === null ? guarded('queue', <QueuePage />) : <Navigate to={home} replace />} />
            <Route path="/incidents/:id" element={guarded('queue', <IncidentPage />)} />
            <Route path="/map" element={guarded('map', <MapPage />)} />
            <Route path="/wall" element={guarded('map', <WallPage />)} />
            <Route path="/sources" element={guarded('sources', <SourcesPage />)} />
            <Route path="/subjects" element={guarded('subjects', <SubjectsPage />)} />
            <Route path="/unknowns" element={guarded('unknowns', <UnknownsPage />)} />
            <Route path="/rules" element={guarded('steering', <RulesPage />)} />
            <Route path="/rules/:id" element={guarded('steering', <RulePage />)} />
            <Route path="/models" element={guarded('steering', <ModelsPage />)} />
            <Route path="/budget" element={guarded('steering', <BudgetPage />)} />
            <Route path="/erasures" element={guarded('erasures', <ErasuresPage />)} />
            <Route path="/audit" element={guarded('audit', <AuditPage />)} />
            <Route path="*" element={<Navigate to="/" replace />} />
          </Routes>
        </Suspense>
      </Shell>
    </LiveProvider>
  );
}
