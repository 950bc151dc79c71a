//! A job that a test moves on while clients look at it.

use super::TestApi;
use domain::ids::JobId;
use domain::job::{Job, JobKind, JobLogLevel, JobLogLine, JobState};
use domain::page::Page;
use domain::ports::{EventBus as _, JobChanged, JobDetails};
use std::sync::{Arc, Mutex};
use testkit::builders;

use super::TestBus;

/// The job, its log, and the bus that tells of changes.
#[derive(Clone)]
pub(crate) struct JobStory {
    pub(crate) id: JobId,
    shared: Arc<Mutex<(Job, Vec<JobLogLine>)>>,
    bus: Arc<TestBus>,
}

impl JobStory {
    /// A running job that the API's read model knows.
    pub(crate) fn begin(api: &mut TestApi) -> Self {
        let mut job = builders::job(&*api.ids, api.team, JobKind::AddonInstall, None);
        job.state = JobState::Running;
        let story = Self {
            id: job.id,
            shared: Arc::new(Mutex::new((job, Vec::new()))),
            bus: Arc::clone(&api.bus),
        };
        let shown = story.clone();
        api.read_model.expect_find_job().returning(move |team, id| {
            let job = shown.job();
            let is_it = job.team_id == team && job.id == id;
            Ok(is_it.then_some(JobDetails {
                job,
                turn_holder: None,
                jobs_ahead: 0,
            }))
        });
        let shown = story.clone();
        api.read_model
            .expect_list_job_log()
            .returning(move |_, page| {
                let lines = shown.shared.lock().expect("no panic while held").1.clone();
                let after = page.after().unwrap_or_default();
                let mut items: Vec<_> = lines
                    .into_iter()
                    .filter(|line| line.sequence > after)
                    .collect();
                let limit = usize::try_from(page.limit()).expect("pages are small");
                let has_more = items.len() > limit;
                items.truncate(limit);
                let last = items.last().map(|line| line.sequence);
                Ok(Page {
                    items,
                    next_after: last.filter(|_| has_more),
                })
            });
        story
    }

    pub(crate) fn job(&self) -> Job {
        self.shared.lock().expect("no panic while held").0.clone()
    }

    /// Adds lines without telling anybody.
    pub(crate) fn write(&self, messages: &[&str]) {
        let mut shared = self.shared.lock().expect("no panic while held");
        for message in messages {
            shared.0.log_sequence += 1;
            let sequence = shared.0.log_sequence;
            shared.1.push(JobLogLine {
                fence: None,
                sequence,
                at: builders::moment(),
                level: JobLogLevel::Info,
                step: Some("install".to_owned()),
                message: (*message).to_owned(),
            });
        }
    }

    /// Changes the job without telling anybody.
    pub(crate) fn change(&self, change: impl FnOnce(&mut Job)) {
        change(&mut self.shared.lock().expect("no panic while held").0);
    }

    /// Tells who listens.
    pub(crate) async fn tell(&self) {
        let notice = JobChanged {
            team_id: self.job().team_id,
            job_id: self.id,
        };
        self.bus.publish(notice).await;
    }
}
