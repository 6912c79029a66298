//! The reader of MATPOWER files: what it understands, and each refusal with its line.

use large::matpower::{Case, Tables};

const NETWORK: &str = "function mpc = two
% Two buses, a transformer between them, and one generator out of service.
mpc.version = '2';
mpc.baseMVA = 100.0;
mpc.bus = [
\t1\t3\t0\t0\t0\t0\t1\t1\t0\t230\t1\t1.1\t0.9;
\t5\t1\t50\t10\t2\t-4\t1\t1\t0\t230\t1\t1.05\t0.95;
];
mpc.gen = [
\t1\t0\t0\t30\t-30\t1\t100\t1\t80\t10;
\t5\t0\t0\t30\t-30\t1\t100\t0\t80\t0;
];
mpc.gencost = [
\t2\t0\t0\t3\t0.5\t20\t7;
\t2\t0\t0\t3\t0\t1\t0;
];
mpc.branch = [
\t1\t5\t0.03\t0.04\t0.2\t40\t0\t0\t0.5\t90\t1\t-30\t360;
\t5\t1\t0.03\t0.04\t0.2\t40\t0\t0\t0\t0\t0\t-30\t30;
];
";

#[test]
fn a_network_is_read_in_per_unit() {
    let case = Case::parse(NETWORK).unwrap();
    assert_eq!((case.base, case.buses.len(), case.generators.len(), case.branches.len()), (100.0, 2, 1, 1));
    let [first, second] = &case.buses[..] else { panic!() };
    assert!(first.is_reference && !second.is_reference);
    assert_eq!((second.number, second.demand, second.shunt), (5, [0.5, 0.1], [0.02, -0.04]));
    assert_eq!(second.voltage, [0.95, 1.05]);
    let generator = &case.generators[0];
    assert_eq!((generator.bus, generator.real, generator.reactive), (0, [0.1, 0.8], [-0.3, 0.3]));
    assert_eq!(generator.cost, [5000.0, 2000.0, 7.0]);
    let branch = &case.branches[0];
    // 1/(0.03 + 0.04i) = (0.03 - 0.04i)/0.0025.
    assert!((branch.admittance[0] - 12.0).abs() < 1e-13 && (branch.admittance[1] + 16.0).abs() < 1e-13);
    assert_eq!((branch.buses, branch.charging, branch.ratio, branch.rating), ([0, 1], 0.1, 0.5, 0.4));
    assert_eq!(branch.shift, std::f64::consts::FRAC_PI_2);
    let [least, most] = branch.angle;
    assert!((least + std::f64::consts::FRAC_PI_6).abs() < 1e-15 && most == f64::INFINITY);
}

/// The network with one text replaced by another one, which must be there.
fn changed(from: &str, to: &str) -> String {
    assert!(NETWORK.contains(from), "{from}");
    NETWORK.replacen(from, to, 1)
}

#[test]
fn other_ways_of_writing_a_file_mean_the_same() {
    let case = Case::parse(NETWORK).unwrap();
    for (from, to) in [
        ("\t1\t5\t0.03\t0.04", "1, 5, ... the line goes on\n 3e-2,4.e-2"),
        ("\t1\t5\t0.03", "1 5...\n .03"),
        ("-30\t30;\n];", "-30\t30]"),
        ("360;\n", "360\n\n % a comment; ]\n"),
        ("'2';\nmpc.baseMVA = 100.0;", "'2'; mpc.baseMVA=1e2 % MVA"),
        ("mpc.gen = [", "mpc.bus_name = { 'a;b%'; 'c' };\nmpc.areas = [1 4];\nmpc.gen = ["),
        ("\n", "\r\n"),
        // What is isolated or out of service counts for nothing, with all that is connected with it.
        ("1.05\t0.95;\n", "1.05\t0.95;\n9\t4\t1\t1\t0\t0\t1\t1\t0\t230\t1\t1.1\t0.9;\n"),
        ("\t5\t0\t0\t30\t-30\t1\t100\t0", "\t5\t0\t0\tInf\t-Inf\t1\t100\t-1"),
    ] {
        assert_eq!(Case::parse(&changed(from, to)).as_ref(), Ok(&case), "{to}");
    }
    let isolated = changed("1.05\t0.95;\n", "1.05\t0.95;\n9\t4\t1\t1\t0\t0\t1\t1\t0\t230\t1\t1.1\t0.9;\n");
    let isolated = isolated.replacen("\t5\t1\t0.03\t0.04\t0.2\t40\t0\t0\t0\t0\t0", "5 9 0.03 0.04 0 0 0 0 0 0 1", 1);
    assert_eq!(Case::parse(&isolated), Ok(case.clone()));

    // No limits: a rating of 0, and angles of 0.
    let free = Case::parse(&changed("\t40\t0\t0\t0.5\t90\t1\t-30\t360", "\t0\t0\t0\t0.5\t90\t1\t0\t0")).unwrap();
    assert_eq!(free.branches[0].rating, f64::INFINITY);
    assert_eq!(free.branches[0].angle, [f64::NEG_INFINITY, f64::INFINITY]);
    // Costs with leading zeros, and of lower degree.
    let linear = Case::parse(&changed("3\t0.5\t20\t7;\n\t2\t0\t0\t3\t0\t1\t0", "4 0 0 2 1\n2 0 0 1 1 0 0 0")).unwrap();
    assert_eq!(linear.generators[0].cost, [0.0, 200.0, 1.0]);
}

#[test]
fn each_refusal_says_line_and_reason() {
    for (from, to, message) in [
        ("mpc.version = '2';", "", "mpc.version is missing"),
        ("'2'", "'1'", "line 3: the version is 1 and not 2"),
        ("mpc.baseMVA = 100.0;", "", "mpc.baseMVA is missing"),
        ("100.0", "0", "line 4: mpc.baseMVA is 0, which is not a positive number"),
        ("100.0", "2*50", "line 4: mpc.baseMVA is 2*50, which is not a positive number"),
        ("mpc.baseMVA = 100.0;", "mpc.baseMVA = ;", "line 4: mpc.baseMVA has no value"),
        ("mpc.baseMVA = 100.0;", "mpc.baseMVA;", "line 4: `mpc.baseMVA` is not followed by `=`"),
        ("100.0;", "100.0 + 1;", "line 4: `+` stands behind the value of mpc.baseMVA"),
        ("mpc.gen = [", "mpc.bus = [", "line 9: mpc.bus is set a second time"),
        ("mpc.gen = [", "mpc.machines = [", "the table mpc.gen is missing"),
        (
            "mpc.gen = [",
            "x = 3;\nmpc.gen = [",
            "line 9: `x` begins no statement that sets a field of mpc; code is not run",
        ),
        ("mpc.gen = [", "mpc.bus(2, 3) = 40;\nmpc.gen = [", "line 9: `mpc.bus` is not followed by `=`"),
        (
            "mpc.gen = [",
            "mpc.dcline = [1 5];\nmpc.gen = [",
            "line 9: mpc.dcline is not supported, and would change the optimum",
        ),
        ("mpc.gen = [", "mpc.A = [1 0];\nmpc.gen = [", "line 9: mpc.A is not supported, and would change the optimum"),
        (
            "\t80\t10;\n\t5\t0\t0\t30\t-30\t1\t100\t0\t80\t0;",
            "80 10 0 5 0 0 0 0;\n5 0 0 30 -30 1 100 0 80 0 0 0 0 0 0;",
            "line 10: mpc.gen: capability curves, Pc1 to Qc2max, are not supported",
        ),
        ("mpc.gen = [", "mpc.names = {'a'\nmpc.gen = [", "line 9: mpc.names has no end `}`"),
        ("'2'", "'2", "line 3: a text has no end"),
        ("\t1.05\t0.95;", "\t1.05;", "line 7: this row of mpc.bus has 12 entries, and the first one 13"),
        ("\t5\t1\t50", "\t5\t1\tfifty", "line 7: `fifty` is not a number"),
        ("\t5\t1\t50", "\t5\t1\t5 (0)", "line 7: `(` in the table mpc.bus"),
        ("-30\t30;\n];\n", "-30\t30;\n", "line 17: mpc.branch has no end `]`"),
        ("\t5\t1\t50", "\t5\t1\tNaN", "line 7: mpc.bus: the real demand is NaN"),
        ("\t5\t1\t50", "\t5\t6\t50", "line 7: mpc.bus: the bus has the type 6, not 1 to 4"),
        ("\t5\t1\t50", "\t5.5\t1\t50", "line 7: mpc.bus: the bus number is 5.5, which is not a positive whole number"),
        ("\t5\t1\t50", "\t1\t1\t50", "line 7: mpc.bus: bus 1 is given a second time"),
        ("\t1.05\t0.95;", "\t0.95\t1.05;", "line 7: mpc.bus: the voltages are limited from 1.05 to 0.95"),
        ("\t1\t3\t0", "\t1\t1\t0", "line 5: no bus is the reference, which has the type 3"),
        ("\t80\t10;", "\t10\t80;", "line 10: mpc.gen: the real powers are limited from 80 to 10"),
        ("\t30\t-30", "\tNaN\t-30", "line 10: mpc.gen: the reactive powers are limited from -30 to NaN"),
        ("\t1\t0\t0\t30", "\t4\t0\t0\t30", "line 10: mpc.gen: there is no bus 4"),
        (
            "\t2\t0\t0\t3\t0\t1\t0;\n",
            "",
            "line 13: mpc.gencost has 1 rows for 2 generators; reactive costs are not supported",
        ),
        (
            "\t2\t0\t0\t3\t0.5",
            "\t1\t0\t0\t3\t0.5",
            "line 14: mpc.gencost: the cost is piecewise linear, model 1; only model 2 is supported",
        ),
        ("\t2\t0\t0\t3\t0.5", "\t2\t0\t0\t4\t0.5", "line 14: mpc.gencost: the row has 7 entries for 4 coefficients"),
        ("\t2\t0\t0\t3\t0.5", "\t2\t0\t0\t3\tInf", "line 14: mpc.gencost: a coefficient of the cost is inf"),
        (
            "3\t0.5\t20\t7;\n\t2\t0\t0\t3\t0\t1\t0",
            "4 1 0 2 1\n2 0 0 1 1 0 0 0",
            "line 14: mpc.gencost: the cost has the degree 3; at most 2 is supported",
        ),
        ("\t1\t5\t0.03", "\t1\t7\t0.03", "line 18: mpc.branch: there is no bus 7"),
        ("\t1\t5\t0.03\t0.04", "\t1\t5\t0\t0", "line 18: mpc.branch: the branch has no impedance"),
        ("\t0.5\t90\t1", "\t-0.5\t90\t1", "line 18: mpc.branch: the ratio is -0.5"),
        ("\t40\t0\t0\t0.5", "\tNaN\t0\t0\t0.5", "line 18: mpc.branch: the rating is NaN"),
        ("\t90\t1\t-30\t360", "\t90\t0\t-30\t360", "line 5: no branch in service connects bus 5 with a reference bus"),
    ] {
        let error = Case::parse(&changed(from, to)).unwrap_err();
        assert_eq!(error.to_string(), message, "{to}");
    }
    let short = "mpc.version = '2'; mpc.baseMVA = 100; mpc.bus = [\n1 3 0];";
    let error = Case::parse(short).unwrap_err();
    assert_eq!(error.to_string(), "line 2: mpc.bus: the row has 3 entries, and at least 13 are needed");
}

#[test]
fn the_tables_of_a_published_case_are_complete() {
    let text = include_str!("../data/pglib_opf_case118_ieee.m");
    let tables = Tables::parse(text).unwrap();
    // Lines of the file that end a row.
    let ends = |name: &str| {
        let start = text.find(&format!("mpc.{name} = [")).unwrap();
        text[start..start + text[start..].find(']').unwrap()].lines().skip(1).count()
    };
    for (name, rows) in [("bus", 118), ("gen", 54), ("gencost", 54), ("branch", 186)] {
        assert_eq!((tables.tables[name].rows.len(), ends(name)), (rows, rows), "{name}");
    }
}
