//! The example `digits`: its network learns, its gradients are right, its data are the published ones, and it refuses
//! damaged files.
#![cfg(feature = "program")]

#[path = "../examples/digits/main.rs"]
#[expect(dead_code, reason = "main itself")]
mod digits;

use digits::data::{self, DIGITS, IMAGES, Image, PIXELS, Split, shuffle};
use digits::network::{loss, scores, slopes, weights};
use digits::training::{Epoch, Trained, classify, train};
use digits::{FILE, HIDDEN, SEED, chart_path, picture, run, wrong};
use nilpotent::program::{Kernel, Traced};
use nilpotent::reverse;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static IMAGES_READ: LazyLock<Vec<Image>> =
    LazyLock::new(|| data::read(Path::new(FILE)).unwrap_or_else(|error| panic!("{error}")));

/// Three epochs.
static SHORT: LazyLock<(Split, Trained<f64>)> = LazyLock::new(|| {
    let split = Split::at_random(&IMAGES_READ, 0, SEED);
    let trained = train::<f64, HIDDEN>(&split, 3, SEED, |_, _| ()).unwrap();
    (split, trained)
});

/// The losses of the epochs and the share of test images that are right are those of PyTorch (reference/digits.py).
#[test]
fn it_learns_as_pytorch_does() {
    let (split, trained) = &*SHORT;
    assert_eq!(trained.epochs.len(), 3);
    for (epoch, known) in trained.epochs.iter().zip([0.9334051307889605, 0.23059736678774215, 0.16680200638304302]) {
        assert!((epoch.loss - known).abs() <= 1e-11 * known, "{} {known}", epoch.loss);
        assert_eq!(epoch.live, 0);
    }
    let right = trained.epochs[2].test;
    assert_eq!((right * 359.0).round(), 343.0, "{right}");
    assert_eq!(wrong(&trained.weights, split).count(), 359 - 343);
}

/// Pseudorandom weights of a tiny network.
fn tiny() -> [f64; weights(2)] {
    std::array::from_fn(|k| ((k * 7919 + 13) % 1009) as f64 / 1009.0 - 0.5)
}

/// The gradient in lanes is that of forward mode and that of differences, and it is the mean over a batch.
#[test]
fn the_gradients_agree() {
    let (w, rows) = (tiny(), [3, 14, 15].map(|i| IMAGES_READ[i].row()));
    let like = [&w[..], &rows[0]].concat();
    let kernel = Kernel::new(slopes::<Traced, 2>, slopes::<f64, 2>, &like[..]).unwrap();
    let kernel = kernel.uniform(0..w.len()).summed(0..=w.len());
    let mut sums = vec![0.0; 1 + w.len()];
    let report = kernel.run(3, &w, |i| [&rows[i][..]], &mut [], &mut sums).unwrap();
    assert_eq!(report.live, 0);

    let total = |w: &[f64]| rows.iter().map(|row| loss::<f64, 2>(w, row)).sum::<f64>();
    assert!((sums[0] - total(&w)).abs() <= 1e-14 * total(&w));
    let forward = rows.map(|row| {
        nilpotent::gradient(
            |w: &[nilpotent::Dual<f64, 8>]| loss::<_, 2>(w, &row.map(nilpotent::Dual::constant)),
            &w[..],
        )
    });
    for k in 0..w.len() {
        let known: f64 = forward.iter().map(|(_, slopes)| slopes[k]).sum();
        assert!((sums[1 + k] - known).abs() <= 1e-14, "{k}: {} {known}", sums[1 + k]);
        let at = |h: f64| {
            let mut w = w;
            w[k] += h;
            total(&w)
        };
        let difference = (at(1e-5) - at(-1e-5)) / 2e-5;
        assert!((known - difference).abs() <= 1e-8, "{k}: {known} {difference}");
    }
}

/// Only one path through the network has weights: `s₄ = 3·relu(2·x₅ - 1/2) + 1/4`.
#[test]
fn the_layers_are_where_they_belong() {
    let mut w = [0.0; weights(2)];
    let second = 2 * (PIXELS + 1);
    (w[PIXELS + 1 + 5], w[second - 1]) = (2.0, -0.5);
    (w[second + 4 * 3 + 1], w[second + 4 * 3 + 2]) = (3.0, 0.25);
    for (x, known) in [(0.75, 3.25), (0.125, 0.25)] {
        let mut pixels = [1.0; PIXELS];
        pixels[5] = x;
        let mut expected = [0.0; DIGITS];
        expected[4] = known;
        assert_eq!(scores::<f64, 2>(&w, &pixels), expected);
    }
}

/// With all weights 0 each digit has the probability 1/10; and scores may be of any size.
#[test]
fn the_loss_is_known() {
    let row = IMAGES_READ[0].row();
    let (value, gradient) = reverse::gradient(
        |w: &[nilpotent::Var]| loss::<_, 2>(w, &row.map(nilpotent::Var::constant)),
        &[0.0; weights(2)][..],
    );
    assert!((value - 10.0_f64.ln()).abs() <= 1e-14, "{value}");
    // Of the last constants the slope is the probability, minus 1 at the true digit, which is 0.
    for digit in 0..DIGITS {
        let known = 0.1 - f64::from(u8::from(digit == 0));
        let found = gradient[weights(2) - 1 - (DIGITS - 1 - digit) * 3];
        assert!((found - known).abs() <= 1e-15, "{digit}: {found}");
    }
    let mut w = [0.0; weights(2)];
    w[weights(2) - 1] = 1e4;
    let (value, slopes) = slopes::<f64, 2>(&[&w[..], &row].concat());
    assert_eq!((value, slopes[weights(2) - 1]), (1e4, 1.0));
}

/// Numbers of images and the sum of all pixels, by another reader of the same file (README.md).
#[test]
fn the_data_are_the_published_ones() {
    let mut counts = [0; DIGITS];
    IMAGES_READ.iter().for_each(|image| counts[image.digit] += 1);
    assert_eq!(counts, [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    let sum: u32 = IMAGES_READ.iter().flat_map(|image| image.pixels).map(u32::from).sum();
    assert_eq!(sum, 561_718);
    assert_eq!(IMAGES_READ[0].pixels[..16], [0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0]);
    let row = IMAGES_READ[2].row();
    assert_eq!((row[3], row[PIXELS + 1], row[PIXELS + 2]), (0.25, 0.0, 1.0));
}

#[test]
fn each_image_is_tested_once() {
    let mut tested = Vec::new();
    for k in 0..data::FOLDS {
        let split = Split::at_random(&IMAGES_READ, k, SEED);
        assert_eq!(split.train.len() + split.test.len(), IMAGES);
        assert!(split.test.iter().zip(&split.lines).all(|(image, line)| *image == IMAGES_READ[line - 1]));
        tested.extend(split.lines);
    }
    assert!(!tested.is_sorted());
    tested.sort_unstable();
    assert!(tested.into_iter().eq(1..=IMAGES));
    let last = Split::in_order(&IMAGES_READ);
    assert_eq!((last.train.as_slice(), last.test.as_slice()), IMAGES_READ.split_at(1437));
    let mut order = [0, 1, 2, 3, 4, 5, 6, 7];
    let mut other = order;
    shuffle(&mut order, &mut 1);
    shuffle(&mut other, &mut 2);
    assert_ne!(order, other);
}

#[test]
fn all_is_repeatable() {
    let split = Split::at_random(&IMAGES_READ[..50], 1, SEED);
    let weights = |seed| train::<f32, 2>(&split, 2, seed, |_, _| ()).unwrap().weights;
    assert_eq!(weights(SEED), weights(SEED));
    assert_ne!(weights(SEED), weights(SEED + 1));
}

#[test]
fn the_picture_shows_what_is_wrong() {
    let (split, trained) = &*SHORT;
    let path = temporary("digits.svg");
    picture::write(&path, trained, split).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("<svg ") && text.trim_end().ends_with("</svg>") && text.len() < 150_000);
    let line = |expected: &str| text.lines().any(|line| line.trim() == expected);
    for name in ["loss", "to learn from", "test", "epoch"] {
        assert!(line(name), "{name}");
    }
    let (image, _) = wrong(&trained.weights, split).next().unwrap();
    let taken = classify::<_, HIDDEN>(&trained.weights, image);
    assert!(line(&format!("{taken}, is {}", image.digit)));
}

#[test]
fn damaged_files_are_refused() {
    let text = fs::read_to_string(FILE).unwrap();
    let first = |from: &str, to: &str| text.replacen(from, to, 1);
    let cases = [
        ("empty", String::new(), ": expected 1797 images, found 0"),
        ("no space", first(" 1\n", "1\n"), ":2: expected 64 pixels, a space and a digit, found `000cd5"),
        ("short", first("005d9100", "005d910"), ":1: expected 64 pixels, found 63"),
        ("long", first("005d9100", "005d91000"), ":1: expected 64 pixels, found 65"),
        ("beyond 16", first("005d91", "005h91"), ":1: expected pixels from 0 to 9 and a to g, found `h` as pixel 4"),
        ("negative", first("005d91", "00-d91"), ":1: expected pixels from 0 to 9 and a to g, found `-` as pixel 3"),
        ("capital", first("005d91", "005D91"), ":1: expected pixels from 0 to 9 and a to g, found `D` as pixel 4"),
        ("of two bytes", first("005d91", "00½d91"), ":1: expected pixels from 0 to 9 and a to g, found `½` as pixel 3"),
        ("label 11", first(" 1\n", " 11\n"), ":2: expected a digit from 0 to 9 behind the pixels, found `11`"),
        ("label -1", first(" 1\n", " -1\n"), ":2: expected a digit from 0 to 9 behind the pixels, found `-1`"),
        ("no label", first(" 1\n", " x\n"), ":2: expected a digit from 0 to 9 behind the pixels, found `x`"),
        ("cut", text[..67 * 100].into(), ": expected 1797 images, found 100"),
        ("one too many", format!("{text}{}", &text[..67]), ": expected 1797 images, found 1798"),
    ];
    for (name, text, message) in cases {
        let file = temporary(&format!("digits {name}.txt"));
        fs::write(&file, text).unwrap();
        let error = run(&file, None).expect_err(name);
        assert!(error.starts_with(&format!("{}{message}", file.display())), "{name}: {error}");
    }
    let missing = temporary("no such digits.txt");
    let error = run(&missing, None).unwrap_err();
    assert!(error.starts_with(&format!("{}: expected a readable file", missing.display())), "{error}");
}

#[test]
fn lines_are_read_whatever_their_ends() {
    let file = temporary("digits other ends.txt");
    fs::write(&file, fs::read_to_string(FILE).unwrap().replace('\n', "\r\n\r\n")).unwrap();
    assert_eq!(data::read(&file).unwrap(), *IMAGES_READ);
}

#[test]
fn wrong_arguments_are_refused() {
    let path = |words: &[&str]| chart_path(words.iter().map(OsString::from));
    assert_eq!(path(&[]), Ok(None));
    assert_eq!(path(&["--chart", "a.svg"]), Ok(Some(PathBuf::from("a.svg"))));
    for words in [&["--chart"][..], &["a.svg"], &["--chart", "a", "b"]] {
        assert!(path(words).unwrap_err().starts_with("expected no arguments or --chart PATH, found ["), "{words:?}");
    }
    let (split, _) = &*SHORT;
    let epoch = Epoch { loss: 1.0, train: 0.5, test: 0.4, seconds: 1.0, live: 0 };
    let trained = Trained { weights: vec![0.0; weights(HIDDEN)], epochs: vec![epoch; 2] };
    let nowhere = temporary("no such folder/digits.svg");
    let error = picture::write(&nowhere, &trained, split).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{}: expected a path to write to: ", nowhere.display())), "{error}");
}

fn temporary(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}
