//! The example `gradbench`: its outputs against those of formulas in Python (`tests/data/gradbench/generate.py`), and
//! its protocol.
#![cfg(feature = "std")]

#[path = "../examples/gradbench/main.rs"]
#[expect(dead_code, reason = "main itself")]
mod gradbench;

use gradbench::protocol::{MODULES, answer, serve};
use serde_json::{Value, json};
use std::fs;

/// Returns where two outputs differ by more than 1e-11, relative to their size or to 1.
fn difference(path: &str, x: &Value, y: &Value) -> Option<String> {
    match (x, y) {
        (Value::Number(_), Value::Number(_)) => {
            let (x, y) = (x.as_f64()?, y.as_f64()?);
            let near = (x - y).abs() <= 1e-11 * x.abs().max(y.abs()).max(1.0);
            (!near).then(|| format!("{path}: {x} and {y}"))
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            (0..x.len()).find_map(|i| difference(&format!("{path}[{i}]"), &x[i], &y[i]))
        }
        (Value::Object(x), Value::Object(y)) if x.keys().eq(y.keys()) => {
            x.iter().find_map(|(name, x)| difference(&format!("{path}.{name}"), x, &y[name]))
        }
        _ => Some(format!("{path}: {x} and {y}")),
    }
}

fn cases(module: &str) -> Vec<Value> {
    let path = format!("tests/data/gradbench/{module}.json");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn evaluate(module: &str, function: &Value, input: &Value) -> Value {
    let message = json!({ "id": 7, "kind": "evaluate", "module": module, "function": function, "input": input });
    answer(&message.to_string())
}

#[test]
fn outputs_are_right() {
    for (module, functions) in MODULES {
        let cases = cases(module);
        for (function, _) in functions {
            assert!(cases.iter().any(|case| case["function"] == *function), "{module} has no case of {function}");
        }
        for (i, case) in cases.iter().enumerate() {
            let reply = evaluate(module, &case["function"], &case["input"]);
            assert_eq!(reply["success"], true, "{module} {i}: {reply}");
            let path = format!("{module} {i}, {}", case["function"]);
            assert_eq!(difference(&path, &reply["output"], &case["output"]), None);
        }
    }
}

#[test]
fn runs_as_often_as_asked() {
    let times = |input: Value| {
        let reply = evaluate("lse", &json!("gradient"), &input);
        let times = reply["timings"].as_array().expect("a list").clone();
        assert!(times.iter().all(|time| time["name"] == "evaluate" && time["nanoseconds"].is_u64()));
        times.len()
    };
    assert_eq!(times(json!({ "x": [1.0, 2.0] })), 1);
    assert_eq!(times(json!({ "x": [1.0, 2.0], "min_runs": 0 })), 1);
    assert_eq!(times(json!({ "x": [1.0, 2.0], "min_runs": 5, "min_seconds": 0 })), 5);
    assert!(times(json!({ "x": [1.0, 2.0], "min_runs": 1, "min_seconds": 0.01 })) > 1);
}

#[test]
fn a_conversation() {
    let known = "hello, gmm, ba, lstm, ht, kmeans, llsq, lse, ode, det, particle, saddle";
    let lines = [
        (json!({ "id": 0, "kind": "start", "eval": "hello" }), json!({ "id": 0, "tool": "nilpotent" })),
        (json!({ "id": 1, "kind": "define", "module": "hello" }), json!({ "id": 1, "success": true })),
        (
            json!({ "id": 2, "kind": "define", "module": "hallo" }),
            json!({ "id": 2, "success": false, "error": format!("module: one of {known} expected, found \"hallo\"") }),
        ),
        (
            json!({ "id": 3, "kind": "define" }),
            json!({ "id": 3, "success": false, "error": "the message names no module" }),
        ),
        (
            json!({ "id": 4, "kind": "evaluate", "module": "hello", "function": "triple", "input": 1.0 }),
            json!({
                "id": 4, "success": false, "error": "function: one of square, double expected, found \"triple\""
            }),
        ),
        (
            json!({ "id": 5, "kind": "evaluate", "module": "hello", "function": "double" }),
            json!({ "id": 5, "success": false, "error": "the message has no input" }),
        ),
        (json!({ "id": 6, "kind": "analysis", "of": 5, "valid": false }), json!({ "id": 6 })),
        (json!({ "id": 7, "kind": "greeting" }), json!({ "id": 7 })),
        (json!({ "id": 8 }), json!({ "id": 8 })),
    ];
    let questions: String = lines.iter().map(|(question, _)| format!("{question}\n")).collect();
    let mut answers = Vec::new();
    serve(questions.as_bytes(), &mut answers).expect("memory takes all");
    let answers = String::from_utf8(answers).expect("JSON is UTF-8");
    let answers: Vec<Value> = answers.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let expected: Vec<_> = lines.into_iter().map(|(_, answer)| answer).collect();
    assert_eq!(answers, expected);

    let mut reply = answer(r#"{"id": 9, "kind": "evaluate", "module": "hello", "function": "double", "input": 3}"#);
    reply["timings"] = Value::Null;
    assert_eq!(reply, json!({ "id": 9, "success": true, "output": 6.0, "timings": null }));
    let reply = answer("{");
    assert!(reply["id"].is_null() && reply["error"].as_str().is_some_and(|error| error.starts_with("no JSON: ")));
}

/// Returns the error message for the last case of a function after one field has been changed or removed.
fn complaint(module: &str, function: &str, path: &str, value: Option<Value>) -> String {
    let case = cases(module).into_iter().rfind(|case| case["function"] == function).expect("a case");
    let mut input = case["input"].clone();
    let (parent, name) = path.rsplit_once('/').expect("a path");
    let parent = input.pointer_mut(parent).expect("a field");
    match (parent, value) {
        (Value::Array(list), Some(value)) => list[name.parse::<usize>().expect("an index")] = value,
        (parent, Some(value)) => parent[name] = value,
        (parent, None) => drop(parent.as_object_mut().expect("an object").remove(name)),
    }
    let reply = evaluate(module, &json!(function), &input);
    assert_eq!(reply["success"], false, "{module}, {path}: {reply}");
    assert!(reply.get("output").is_none());
    reply["error"].as_str().expect("an error").into()
}

#[test]
fn wrong_inputs_are_named() {
    let check = |module, function, path, value, expected: &str| {
        assert_eq!(complaint(module, function, path, value), expected);
    };
    assert_eq!(evaluate("hello", &json!("square"), &json!("x"))["error"], "input: a number expected, found \"x\"");
    check("lse", "primal", "/x", None, "input: a field x expected");
    check("lse", "primal", "/x", Some(json!([])), "input.x: at least one number expected, found a list of 0");
    check("lse", "primal", "/x", Some(json!([1, null])), "input.x[1]: a number expected, found null");
    check("lse", "primal", "/min_runs", Some(json!(-1)), "input.min_runs: a whole number from 0 on expected, found -1");
    check("llsq", "gradient", "/n", Some(json!(1)), "input.n: a number of points from 2 on expected, found 1");
    check("ode", "gradient", "/s", Some(json!(0)), "input.s: a number from 1 on expected, found 0");
    check("det", "gradient", "/A", Some(json!([1.0])), "input.A: a list of 25 numbers expected, found a list of 1");
    check(
        "gmm",
        "jacobian",
        "/mu/1",
        Some(json!([1.0])),
        "input.mu[1]: a list of 3 numbers expected, found a list of 1",
    );
    check("gmm", "objective", "/x", Some(json!(true)), "input.x: a list expected, found true");
    check("ba", "jacobian", "/cam", Some(json!([0, 1])), "input.cam: a list of 11 numbers expected, found a list of 2");
    check("ba", "jacobian", "/p", Some(json!(1.5)), "input.p: a whole number from 0 on expected, found 1.5");
    check(
        "lstm",
        "jacobian",
        "/sequence",
        Some(json!([[1, 0, 1]])),
        "input.sequence: at least two characters expected, found a list of 1",
    );
    check(
        "lstm",
        "jacobian",
        "/main_params",
        Some(json!([[1.0]])),
        "input.main_params: two rows for each layer expected, found a list of 1",
    );
    check(
        "kmeans",
        "dir",
        "/points/2",
        Some(json!({})),
        "input.points[2]: a list of numbers expected, found an object",
    );
    check(
        "kmeans",
        "dir",
        "/centroids",
        Some(json!([])),
        "input.centroids: at least one centroid expected, found a list of 0",
    );
    check("particle", "ff", "/w", Some(json!("0")), "input.w: a number expected, found \"0\"");
    check("saddle", "rr", "/start", Some(json!([1])), "input.start: a list of 2 numbers expected, found a list of 1");
    let ht = |path, value, expected| check("ht", "jacobian", path, Some(value), expected);
    ht("/data/correspondences/1", json!(5), "input.data.correspondences[1]: an index below 5 expected, found 5");
    ht(
        "/data/model/triangles/0",
        json!([0, 1]),
        "input.data.model.triangles[0]: 3 vertices expected, found a list of 2",
    );
    ht("/data/model/parents/3", json!(3), "input.data.model.parents[3]: an index below 3 expected, found 3");
    ht(
        "/data/model/parents/6",
        json!(2),
        "input.data.model.parents[6]: a bone of the same finger, or without a joint above it, expected, found 2",
    );
    ht("/data/model/is_mirrored", json!(0), "input.data.model.is_mirrored: true or false expected, found 0");
    ht("/us", json!([[0.0, 1.0]]), "input.us: 4 rows expected, found a list of 1");
}

/// JSON cannot hold a number that is not finite.
#[test]
fn outputs_are_finite() {
    let huge = json!({ "x": [1e308, -1e308], "s": 1 });
    assert_eq!(evaluate("ode", &json!("primal"), &huge)["error"], "the output is not finite");
}
