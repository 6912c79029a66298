//! The example `mlp`: its network learns as well as it promises, its gradients are right, its flowers are Fisher's, and
//! it refuses damaged files.
#![cfg(feature = "std")]

#[path = "../examples/mlp/main.rs"]
#[expect(dead_code, reason = "main itself")]
mod mlp;

use mlp::adam::Adam;
use mlp::iris::{self, Flower, SPECIES};
use mlp::network::{self, WEIGHTS, cross_entropy, loss, scores};
use mlp::training::{Losses, train};
use mlp::{CROSS_ENTROPY, DIFFERENCE, FILE, Found, RIGHT, SEED, STEPS, chart};
use nilpotent::{Var, reverse};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static FLOWERS: LazyLock<Vec<Flower>> =
    LazyLock::new(|| iris::read(Path::new(FILE)).unwrap_or_else(|error| panic!("{error}")));
static FOUND: LazyLock<Found> = LazyLock::new(|| Found::new(&FLOWERS, SEED));

#[test]
fn runs_and_draws() {
    let path = temporary("mlp.svg");
    assert!(mlp::report(&FOUND, Some(&path)));
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("<svg ") && text.trim_end().ends_with("</svg>"));
    for (name, _) in chart::CURVES {
        assert!(text.lines().any(|line| line.trim() == name), "{name}");
    }
    let lines = text.lines().filter(|line| line.starts_with("<polyline") && line.matches(',').count() > STEPS);
    assert_eq!(lines.count(), chart::CURVES.len());
}

#[test]
fn it_learns() {
    let curve = &FOUND.trained.curve;
    assert_eq!(curve.len(), STEPS + 1);
    let (first, last) = (curve[0], curve[STEPS]);
    assert!(first.train > 1.0 && last.train < CROSS_ENTROPY, "{first:?} {last:?}");
    assert_eq!(last.loss, loss(&FOUND.trained.weights, &FOUND.data.train));
    assert_eq!(last.test, cross_entropy(&FOUND.trained.weights, &FOUND.data.test));
    let confusion = FOUND.confusion();
    assert!(confusion.iter().all(|row| row.iter().sum::<usize>() == 10), "{confusion:?}");
    assert!((0..3).map(|i| confusion[i][i]).sum::<usize>() >= RIGHT, "{confusion:?}");
    assert_eq!(confusion[0], [10, 0, 0], "setosa stands apart");
    // These two lie among the other species. No other flower is ever classified wrong.
    assert!(FOUND.wrong().iter().all(|i| [120, 135].contains(i)), "{:?}", FOUND.wrong());
}

#[test]
fn the_gradients_agree() {
    assert!(FOUND.start.same_value && FOUND.start.difference <= DIFFERENCE, "{:?}", FOUND.start);
    // The gradients agree at the end of the training as well.
    let (weights, flowers) = (&FOUND.trained.weights, &FOUND.data.train);
    let (_, back) = reverse::gradient(|w| loss(w, flowers), weights);
    let (_, forth) = nilpotent::gradient(|w| loss(w, flowers), weights);
    let largest = forth.iter().fold(0.0, |m: f64, g| m.max(g.abs()));
    for (b, f) in back.iter().zip(&forth) {
        assert!((b - f).abs() <= DIFFERENCE * largest, "{b:e} {f:e}");
    }
}

/// With all weights 0 all scores are 0, and each species has the probability 1/3. Then only the last constants have a
/// derivative: 1/3 minus the share of their species.
#[test]
fn the_loss_at_0_is_known() {
    let flowers = &FLOWERS[..60];
    let (value, gradient) = reverse::gradient(|w| cross_entropy(w, flowers), &vec![0.0; WEIGHTS]);
    assert!((value - 3.0_f64.ln()).abs() <= 1e-14, "{value}");
    let mut known = [0.0; WEIGHTS];
    for (i, share) in [50.0, 10.0, 0.0].into_iter().enumerate() {
        known[WEIGHTS - 1 - (2 - i) * (network::HIDDEN + 1)] = 1.0 / 3.0 - share / 60.0;
    }
    for (i, (g, known)) in gradient.iter().zip(known).enumerate() {
        assert!((g - known).abs() <= 1e-15, "{i}: {g} {known}");
    }
}

/// Only one path through the network has weights: `s₀ = 3·tanh(2·tanh(x₁/2 + 1/4) - 1) + 1/2`.
#[test]
fn the_layers_are_where_they_belong() {
    let mut weights = [0.0; WEIGHTS];
    let (second, third) = (16 * 5, 16 * 5 + 16 * 17);
    // Row 2 of the first layer, row 5 of the second, row 0 of the third.
    (weights[2 * 5 + 1], weights[2 * 5 + 4]) = (0.5, 0.25);
    (weights[second + 5 * 17 + 2], weights[second + 5 * 17 + 16]) = (2.0, -1.0);
    (weights[third + 5], weights[third + 16]) = (3.0, 0.5);
    let known = 3.0 * (2.0 * 0.75_f64.tanh() - 1.0).tanh() + 0.5;
    let [s, zeros @ ..] = scores(&weights, [7.0, 1.0, 8.0, 9.0]);
    assert!((s - known).abs() <= 1e-15, "{s} {known}");
    assert_eq!(zeros, [0.0; 2]);
}

/// Scores may be of any size.
#[test]
fn large_scores_do_not_overflow() {
    let mut weights = vec![0.0_f64; WEIGHTS];
    weights[WEIGHTS - 1] = 1e4;
    let flower = |species| [Flower { measures: [0.0; 4], species }];
    assert_eq!(cross_entropy(&weights, &flower(2)), 0.0);
    let (value, gradient) = reverse::gradient(|w| cross_entropy(w, &flower(0)), &weights);
    assert_eq!((value, gradient[WEIGHTS - 1]), (1e4, 1.0));
    assert!(gradient.iter().all(|g| g.is_finite()));
}

/// The first step of Adam has the length of its rate in each weight, whatever the gradient; and Adam finds the minimum
/// of a bowl.
#[test]
fn adam_descends() {
    let mut x = [3.0, -0.1, 2.0];
    let bowl = |x| reverse::gradient(|[a, b, c]: [Var; 3]| a * a * 1e4 + b * b + (c - 1.0).powi(2) * 1e-2, x).1;
    let mut adam = Adam::new(3);
    let gradient = bowl(x);
    adam.step(&mut x, &gradient, 0.1);
    for (x, known) in x.iter().zip([2.9, 0.0, 1.9]) {
        assert!((x - known).abs() < 1e-6, "{x} {known}");
    }
    for step in 0..1000 {
        let gradient = bowl(x);
        adam.step(&mut x, &gradient, 0.1 * (1.0 - f64::from(step) / 1000.0));
    }
    for (x, known) in x.iter().zip([0.0, 0.0, 1.0]) {
        assert!((x - known).abs() < 1e-4, "{x} {known}");
    }
}

#[test]
fn all_is_repeatable() {
    let start = network::start(SEED);
    assert_eq!(start, network::start(SEED));
    assert_ne!(start, network::start(SEED + 1));
    assert!(start[..16 * 5].iter().all(|w| w.abs() <= 0.3_f64.sqrt()));
    assert!(start[..16 * 5].iter().skip(4).step_by(5).all(|&b| b == 0.0));
    assert_eq!(train(start.clone(), &FOUND.data, 5).curve, train(start, &FOUND.data, 5).curve);
}

/// Table II of Fisher's paper has the means of setosa and versicolor. The file of UCI, with errors in flowers 35 and
/// 38, does not reproduce them.
#[test]
fn the_flowers_are_fishers() {
    assert_eq!(FLOWERS.len(), 150);
    let known = [[5.006, 3.428, 1.462, 0.246], [5.936, 2.770, 4.260, 1.326], [6.588, 2.974, 5.552, 2.026]];
    for (i, known) in known.into_iter().enumerate() {
        let flowers: Vec<_> = FLOWERS.iter().filter(|flower| flower.species == i).collect();
        for (k, known) in known.into_iter().enumerate() {
            let mean = flowers.iter().map(|flower| flower.measures[k]).sum::<f64>() / 50.0;
            assert!((mean - known).abs() < 1e-12, "{}, measure {k}: {mean} {known}", SPECIES[i]);
        }
    }
    assert_eq!(FLOWERS[34].measures, [4.9, 3.1, 1.5, 0.2]);
    assert_eq!(FLOWERS[37].measures, [4.9, 3.6, 1.4, 0.1]);
}

#[test]
fn every_fifth_is_tested() {
    let data = &FOUND.data;
    assert_eq!((data.train.len(), data.test.len()), (120, 30));
    for k in 0..4 {
        let moment = |p| data.train.iter().map(|flower| flower.measures[k].powi(p)).sum::<f64>() / 120.0;
        assert!(moment(1).abs() < 1e-14 && (moment(2) - 1.0).abs() < 1e-14, "{k}");
    }
    // Flowers 5 and 10 differ by 0.1 in the length of the sepals, flowers 5 and 150 by 0.9.
    let [a, b, c] = [0, 1, 29].map(|i| data.test[i].measures[0]);
    assert!(((c - a) / (a - b) - 9.0).abs() < 1e-12, "{a} {b} {c}");
}

#[test]
fn damaged_files_are_refused() {
    let text = fs::read_to_string(FILE).unwrap();
    let first = |from: &str, to: &str| text.replacen(from, to, 1);
    let cut = |from: &str| text[..text.find(from).unwrap()].to_string();
    let header = "expected the line `sepal_length,sepal_width,petal_length,petal_width,species`, found";
    let cases = [
        ("empty", String::new(), format!(":1: {header} ``")),
        ("no header", cut("4.9,3.0").split_off(text.find('\n').unwrap() + 1), format!(":1: {header} `5.1,3.5")),
        ("other header", first("sepal_length", "length"), format!(":1: {header} `length,")),
        ("three", first("5.1,3.5,", "5.1,"), ":2: expected 4 measures in cm and a species, found `5.1,1.4,".into()),
        ("five", first("5.1,", "5.1,5.1,"), ":2: expected 4 measures in cm and a species, found `5.1,5.1,".into()),
        ("garbage", first("3.2", "3.Z"), ":4: expected a measure from 0.1 to 10 cm, found `3.Z`".into()),
        ("not finite", first("3.2", "NaN"), ":4: expected a measure from 0.1 to 10 cm, found `NaN`".into()),
        ("negative", first("3.2", "-3.2"), ":4: expected a measure from 0.1 to 10 cm, found `-3.2`".into()),
        ("in mm", first("4.7,", "47,"), ":4: expected a measure from 0.1 to 10 cm, found `47`".into()),
        (
            "other species",
            first("versicolor", "pseudacorus"),
            ":52: expected a species, setosa or versicolor or virginica, found `pseudacorus`".into(),
        ),
        (
            "cut in a line",
            cut(",0.2,setosa"),
            ":2: expected 4 measures in cm and a species, found `5.1,3.5,1.4`".into(),
        ),
        ("cut", cut("7.0,3.2"), ": expected 50 flowers of the species versicolor, found 0".into()),
        (
            "one too many",
            format!("{text}5.9,3.0,5.1,1.8,virginica\n"),
            ": expected 50 flowers of the species virginica, found 51".into(),
        ),
    ];
    for (name, text, message) in cases {
        let file = temporary(&format!("{name}.csv"));
        fs::write(&file, text).unwrap();
        let error = iris::read(&file).expect_err(name).to_string();
        assert!(error.starts_with(&format!("{}{message}", file.display())), "{name}: {error}");
        assert!(!mlp::run(&file, Some(&temporary("not drawn.svg"))), "{name}");
    }
    assert!(!temporary("not drawn.svg").exists());
}

#[test]
fn lines_are_read_whatever_their_ends() {
    let file = temporary("other ends.csv");
    fs::write(&file, fs::read_to_string(FILE).unwrap().replace('\n', "\r\n\r\n")).unwrap();
    assert_eq!(iris::read(&file).unwrap(), *FLOWERS);
}

#[test]
fn wrong_paths_are_refused() {
    let missing = temporary("no such file.csv");
    let error = iris::read(&missing).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{}: expected a readable file", missing.display())), "{error}");
    assert!(!mlp::run(&missing, Some(&temporary("not drawn.svg"))));

    let curve = [Losses { loss: 1.0, train: 0.5, test: 0.6 }; 2];
    for path in [temporary("no such folder/mlp.svg"), PathBuf::from(env!("CARGO_TARGET_TMPDIR"))] {
        let error = chart::write(&path, &curve).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{}: expected a path to write to: ", path.display())), "{error}");
    }
    assert!(!mlp::report(&FOUND, Some(&temporary("no such folder/mlp.svg"))));
}

fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}
