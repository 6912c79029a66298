//! The problems of the example `gradbench` at sizes of GradBench: each derivative beside its own function. `cargo bench
//! --bench gradbench`. If the environment variable `CHART` holds a path, the ratios are drawn into that file, beside those of others.

mod common;
#[path = "../examples/gradbench/main.rs"]
#[allow(dead_code)]
mod gradbench;

use common::{Random, compare, keep};
use criterion::{Criterion, criterion_group, criterion_main};
use gradbench::protocol::Field;
use gradbench::{ba, det, gmm, ht, kmeans, llsq, lse, lstm, ode};
use plotters::prelude::*;
use serde_json::{Value, json};
use std::error::Error;
use std::hint::black_box;

impl Random {
    fn index(&mut self, end: usize) -> usize {
        (self.uniform() * end as f64) as usize
    }

    fn uniforms(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.uniform()).collect()
    }

    /// Nearly normal numbers: each is a sum of twelve uniform ones.
    fn normals(&mut self, n: usize) -> Vec<f64> {
        (0..n).map(|_| self.uniforms(12).iter().sum::<f64>() - 6.0).collect()
    }

    fn uniform_rows(&mut self, rows: usize, columns: usize) -> Vec<Vec<f64>> {
        (0..rows).map(|_| self.uniforms(columns)).collect()
    }

    fn normal_rows(&mut self, rows: usize, columns: usize) -> Vec<Vec<f64>> {
        (0..rows).map(|_| self.normals(columns)).collect()
    }
}

/// Reads the problem from its input.
fn read<T>(input: &Value, read: impl Fn(&Field) -> Result<T, String>) -> T {
    read(&Field::root(input)).unwrap_or_else(|error| panic!("{error}"))
}

fn mixture(d: usize, k: usize, n: usize) -> Value {
    let mut random = Random(1);
    json!({
        "d": d, "k": k, "n": n, "m": 0, "gamma": 1.0, "x": random.normal_rows(n, d), "alpha": random.normals(k),
        "mu": random.uniform_rows(k, d), "q": random.normal_rows(k, d), "l": random.normal_rows(k, d * (d - 1) / 2),
    })
}

fn adjustment(n: usize, m: usize, p: usize) -> Value {
    let camera = [-0.75, -1.1, -0.85, 34.5, 39.7, 53.9, 419.2, 5.9, -8.5, 0.088, 0.0027];
    json!({ "n": n, "m": m, "p": p, "cam": camera, "x": [7.2, 0.0011, 3.0], "w": 0.42, "feat": [271.8, 834.2] })
}

fn network(l: usize, c: usize) -> Value {
    let (mut random, b) = (Random(2), 14);
    let bits = |row: Vec<f64>| row.iter().map(|x| x.round()).collect::<Vec<_>>();
    json!({
        "main_params": random.uniform_rows(2 * l, 4 * b), "extra_params": random.uniform_rows(3, b),
        "state": random.uniform_rows(2 * l, b),
        "sequence": random.uniform_rows(c, b).into_iter().map(bits).collect::<Vec<_>>(),
    })
}

/// A hand of 22 bones, with v vertices that two bones move, and c points in its triangles.
fn hand(v: usize, c: usize) -> Value {
    let mut random = Random(3);
    let bones = 22;
    let parents: Vec<i32> = (0..22)
        .map(|bone| {
            if bone == 0 {
                -1
            } else if bone % 4 == 1 {
                0
            } else {
                bone - 1
            }
        })
        .collect();
    let near_one = |random: &mut Random| -> Vec<Vec<f64>> {
        let entry = |random: &mut Random, i, j| f64::from(u8::from(i == j)) + 0.1 * (random.uniform() - 0.5);
        let row = |random: &mut Random, i| {
            (0..4).map(|j| if i < 3 { entry(random, i, j) } else { f64::from(j / 3) }).collect()
        };
        (0..4).map(|i| row(random, i)).collect()
    };
    let transformations = |random: &mut Random| (0..bones).map(|_| near_one(random)).collect::<Vec<_>>();
    let weights = |random: &mut Random| {
        let mut weights = vec![0.0; bones];
        for _ in 0..2 {
            weights[random.index(bones)] += 0.5;
        }
        weights
    };
    let vertex = |random: &mut Random| [random.uniform(), random.uniform(), random.uniform(), 1.0];
    let corners = |random: &mut Random| [random.index(v), random.index(v), random.index(v)];
    json!({
        "theta": random.uniforms(26),
        "data": {
            "model": {
                "bone_count": bones, "parents": parents, "is_mirrored": false,
                "base_relatives": transformations(&mut random),
                "inverse_base_absolutes": transformations(&mut random),
                "base_positions": (0..v).map(|_| vertex(&mut random)).collect::<Vec<_>>(),
                "weights": (0..v).map(|_| weights(&mut random)).collect::<Vec<_>>(),
                "triangles": (0..1084).map(|_| corners(&mut random)).collect::<Vec<_>>(),
            },
            "correspondences": (0..c).map(|_| random.index(1084)).collect::<Vec<_>>(),
            "points": random.uniform_rows(c, 3),
        },
        "us": random.uniform_rows(c, 2),
    })
}

/// The tools of the chart, each in a color that color-blind people can tell apart as well (Okabe and Ito).
const TOOLS: [(&str, RGBColor); 4] = [
    ("nilpotent", RGBColor(0, 114, 178)),
    ("by hand, C++", RGBColor(160, 160, 160)),
    ("Tapenade", RGBColor(230, 159, 0)),
    ("CoDiPack 2.3.1", RGBColor(213, 94, 0)),
];

/// The ratios of the others, in the order of [`TOOLS`], where a tool has the problem. They were measured by GradBench's own
/// evals on 2026-11-28: docs/benchmarks.md.
type Others = [Option<f64>; 3];

/// The ratios of the times of derivatives to those of their functions, each function by the same tool.
#[derive(Default)]
struct Ratios(Vec<(String, f64, Others)>);

impl Ratios {
    /// Times a derivative beside its function.
    fn pair(
        &mut self,
        c: &mut Criterion,
        title: &str,
        others: Others,
        primal: &mut dyn FnMut(),
        derivative: &mut dyn FnMut(),
    ) {
        if let [_, ratio] = compare(c, title, &mut [("primal", primal), ("derivative", derivative)])[..] {
            self.0.push((title.into(), ratio, others));
        }
    }

    /// Draws the ratios as bars on a logarithmic axis, below each problem's name.
    fn chart(&self, path: &str) -> Result<(), Box<dyn Error>> {
        const LEFT: f64 = 240.0;
        const TOP: i32 = 110;
        const ROW: i32 = 62;
        let bottom = TOP + ROW * self.0.len() as i32;
        let area = SVGBackend::new(path, (900, bottom as u32 + 16)).into_drawing_area();
        area.fill(&WHITE)?;
        let font = |size: u32| ("sans-serif", size).into_font().color(&BLACK);
        area.draw_text("GradBench: time of the derivative over the time of its function", &font(20), (20, 16))?;
        for (k, (name, color)) in TOOLS.into_iter().enumerate() {
            let left = LEFT as i32 + 150 * k as i32;
            area.draw(&Rectangle::new([(left, 52), (left + 14, 64)], color.filled()))?;
            area.draw_text(name, &font(15), (left + 20, 52))?;
        }
        let at = |ratio: f64| (LEFT + 270.0 * (ratio / 0.5).log10()).round() as i32;
        for ratio in [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0] {
            let color = if ratio == 1.0 { BLACK } else { RGBColor(210, 210, 210) };
            area.draw(&PathElement::new([(at(ratio), TOP - 6), (at(ratio), bottom)], color))?;
            area.draw_text(&ratio.to_string(), &font(13), (at(ratio) - 6, TOP - 24))?;
        }
        for (row, (title, ours, others)) in self.0.iter().enumerate() {
            let top = TOP + ROW * row as i32;
            area.draw_text(title, &font(15), (20, top + 18))?;
            let ratios = [Some(*ours)].into_iter().chain(others.iter().copied()).zip(TOOLS);
            let ratios = ratios.filter_map(|(ratio, tool)| Some((ratio?, tool)));
            for (k, (ratio, (_, color))) in ratios.enumerate() {
                let top = top + 13 * k as i32;
                area.draw(&Rectangle::new([(at(0.5), top), (at(ratio), top + 11)], color.filled()))?;
                area.draw_text(&format!("{ratio:.1}"), &font(12), (at(ratio) + 5, top))?;
            }
        }
        area.present()?;
        Ok(())
    }
}

fn problems(c: &mut Criterion) {
    let mut ratios = Ratios::default();
    for (d, others) in [(10, [1.9, 2.3, 7.7]), (32, [2.7, 3.1, 19.0])] {
        let input = read(&mixture(d, 25, 1000), gmm::Input::read);
        let title = format!("gmm d={d} k=25 n=1000");
        ratios.pair(c, &title, others.map(Some), &mut || keep(gmm::objective(black_box(&input))), &mut || {
            keep(gmm::gradient(black_box(&input)));
        });
    }

    let input = read(&adjustment(257, 65132, 225_911), ba::Input::read);
    let (mut errors, mut jacobian) = (ba::Errors::default(), ba::Jacobian::default());
    ratios.pair(
        c,
        "ba n=257 m=65132 p=225911",
        [13.7, 20.2, 29.2].map(Some),
        &mut || errors.fill(black_box(&input)),
        &mut || {
            jacobian.fill(black_box(&input));
        },
    );

    let input = read(&network(4, 4096), lstm::Input::read);
    let primal = |input: &lstm::Input| lstm::loss(&input.parameters, input);
    ratios.pair(c, "lstm l=4 c=4096", [10.1, 3.7, 2.7].map(Some), &mut || keep(primal(black_box(&input))), &mut || {
        keep(lstm::gradient(black_box(&input)));
    });

    let (small, big) = ([9.5, 81.0, 49.0], [4.5, 77.0, 48.0]);
    for (title, others, v, points) in [("ht small c=800", small, 544, 800), ("ht big c=100", big, 10_000, 100)] {
        let input = read(&hand(v, points), ht::Input::read);
        let mut jacobian = ht::Jacobian::default();
        ratios.pair(c, title, others.map(Some), &mut || keep(ht::objective(black_box(&input))), &mut || {
            jacobian.fill(black_box(&input));
        });
    }

    let mut random = Random(4);
    let (points, centroids) = (random.normal_rows(10_000, 8), random.normal_rows(100, 8));
    let input = read(&json!({ "points": points, "centroids": centroids }), kmeans::Input::read);
    let title = "kmeans k=100 n=10000 d=8";
    ratios.pair(c, title, [Some(1.1), None, Some(34.0)], &mut || keep(kmeans::cost(black_box(&input))), &mut || {
        keep(kmeans::direction(black_box(&input)));
    });

    let input = read(&json!({ "x": Random(5).uniforms(128), "n": 16_392 }), llsq::Input::read);
    let title = "llsq n=16392 m=128";
    ratios.pair(c, title, [Some(2.0), None, Some(10.5)], &mut || keep(llsq::primal(black_box(&input))), &mut || {
        keep(llsq::gradient(black_box(&input)));
    });

    let x = Random(6).uniforms(320_000);
    ratios.pair(c, "lse n=320000", [Some(0.8), None, Some(2.4)], &mut || keep(lse::primal(black_box(&x))), &mut || {
        keep(lse::gradient(black_box(&x)));
    });

    let input = read(&json!({ "x": Random(7).uniforms(10_000), "s": 100 }), ode::Input::read);
    let primal = |input: &ode::Input| ode::primal(&input.x, input.s);
    // By hand it is a closed form, which takes 0.008 of the function.
    ratios.pair(c, "ode n=10000 s=100", [None, None, Some(11.8)], &mut || keep(primal(black_box(&input))), &mut || {
        keep(ode::gradient(black_box(&input)));
    });

    let a = Random(8).normals(81);
    ratios.pair(c, "det ell=9", [Some(9.1), None, Some(2.8)], &mut || keep(det::primal(black_box(&a), 9)), &mut || {
        keep(det::gradient(black_box(&a), 9));
    });
    if let Ok(path) = std::env::var("CHART") {
        ratios.chart(&path).expect("the chart's file should be writable");
    }
}

criterion_group!(benches, problems);
criterion_main!(benches);
