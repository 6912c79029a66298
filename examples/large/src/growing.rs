//! Large maps, which grow by some poses at a time.
//!
//! The errors of a long path add up, so that the start of a whole map may be in the valley of a wrong minimum. A part of the
//! map that is right has a small error at its end, and the next poses begin there: Kaess, Ranganathan & Dellaert, *iSAM:
//! Incremental Smoothing and Mapping* (2008). Here each part is solved as a problem of its own.

use crate::descent::{Limits, Minimum, levenberg_marquardt};
use crate::pose_graph::{Graph, seen, turned};
use nilpotent::Error;
use nilpotent::separable::Loss;

impl Graph {
    /// The part with the first poses, and the measurements between them. Landmarks are in the order in which poses see them.
    pub fn first(&self, poses: usize) -> Self {
        let sightings: Vec<_> = self.sightings.iter().filter(|sighting| sighting.0[0] < poses).copied().collect();
        let landmarks = sightings.iter().map(|sighting| sighting.0[1] + 1).max().unwrap_or(0);
        Self {
            poses: self.poses[..poses].to_vec(),
            landmarks: self.landmarks[..landmarks].to_vec(),
            edges: self.edges.iter().filter(|edge| edge.0.iter().all(|&i| i < poses)).copied().collect(),
            sightings,
        }
    }

    /// Finds the poses and landmarks by the method of Levenberg and Marquardt, for a part of the graph that grows by `step`
    /// poses at a time. New poses and landmarks start where they are seen from the last pose of the part before.
    ///
    /// # Errors
    /// Those of [`Graph::problem`] and [`levenberg_marquardt`].
    ///
    /// # Panics
    /// If the step is 0.
    pub fn solve(&self, step: usize, loss: Loss, limits: Limits) -> Result<Minimum, Error> {
        assert!(step > 0, "the graph does not grow by 0 poses");
        let mut part = Self::default();
        let mut all: Option<Minimum> = None;
        let ends = (step..self.poses.len()).step_by(step).chain([self.poses.len()]);
        for end in ends {
            let known = part.poses.len();
            let mut next = self.first(end);
            let landmarks = part.landmarks.len();
            if let Some(last) = known.checked_sub(1) {
                // The step that leads from the start of the last pose to where it is.
                for pose in &mut next.poses[known..] {
                    let [x, y, angle] = *pose;
                    let place = moved(self.poses[last], part.poses[last], [x, y]);
                    *pose = [place[0], place[1], angle - self.poses[last][2] + part.poses[last][2]];
                }
                next.poses[..known].copy_from_slice(&part.poses);
            }
            next.landmarks[..landmarks].copy_from_slice(&part.landmarks);
            for &([from, landmark], z, _) in next.sightings.iter().rev().filter(|sighting| sighting.0[1] >= landmarks) {
                // The first sighting of a landmark comes last.
                next.landmarks[landmark] = seen(next.poses[from], z);
            }
            let is_last = end == self.poses.len();
            let rough = Limits { decrease: 1e-4, ..limits };
            let (residuals, start) = next.problem(loss)?;
            let mut found = levenberg_marquardt(&residuals, &start, if is_last { limits } else { rough })?;
            let (poses, places) = found.x.split_at(3 * end);
            next.poses.iter_mut().zip(poses.as_chunks().0).for_each(|(pose, x)| *pose = *x);
            next.landmarks.iter_mut().zip(places.as_chunks().0).for_each(|(landmark, x)| *landmark = *x);
            part = next;
            if let Some(before) = all {
                found.steps += before.steps;
                found.time += before.time;
                found.derivatives += before.derivatives;
            }
            all = Some(found);
        }
        Ok(all.expect("at least one part"))
    }
}

/// Where a place is after the move that leads from one pose to another one.
fn moved(from: [f64; 3], to: [f64; 3], [x, y]: [f64; 2]) -> [f64; 2] {
    seen(to, turned(-from[2], [x - from[0], y - from[1]]))
}
