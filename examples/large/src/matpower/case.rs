//! A network in per-unit values, made from the tables of a file.

use super::tables::{Error, Table, Tables};
use std::collections::HashMap;

/// A network, without what is out of service. Powers are multiples of the base power, angles are in radians.
///
/// The format is that of the MATPOWER User's Manual, appendix B: Zimmerman, Murillo-Sánchez & Thomas, *MATPOWER:
/// Steady-State Operations, Planning, and Analysis Tools for Power Systems Research and Education* (2011).
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The base power in MVA.
    pub base: f64,
    /// The buses.
    pub buses: Vec<Bus>,
    /// The generators in service.
    pub generators: Vec<Generator>,
    /// The branches in service.
    pub branches: Vec<Branch>,
}

/// A node of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Bus {
    /// The number in the file.
    pub number: u64,
    /// Whether the angle is fixed at 0.
    pub is_reference: bool,
    /// The real and the reactive demand.
    pub demand: [f64; 2],
    /// The conductance and the susceptance of the shunt.
    pub shunt: [f64; 2],
    /// The least and the largest magnitude of the voltage.
    pub voltage: [f64; 2],
}

/// A generator.
#[derive(Clone, Debug, PartialEq)]
pub struct Generator {
    /// The index of its bus.
    pub bus: usize,
    /// The least and the largest real power.
    pub real: [f64; 2],
    /// The least and the largest reactive power.
    pub reactive: [f64; 2],
    /// The cost is `c[0]·p² + c[1]·p + c[2]`, in dollars an hour, where p is the real power as a multiple of the base.
    pub cost: [f64; 3],
}

/// A line or a transformer.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// The indices of the buses, from and to.
    pub buses: [usize; 2],
    /// The series admittance, 1/(r + jx).
    pub admittance: [f64; 2],
    /// Half of the charging susceptance of the line.
    pub charging: f64,
    /// The ratio of the transformer at the bus `from`, which is 1 for a line.
    pub ratio: f64,
    /// The shift of its phase.
    pub shift: f64,
    /// The largest apparent power at both ends, which is infinite if there is no limit.
    pub rating: f64,
    /// The least and the largest difference of the angles of the buses.
    pub angle: [f64; 2],
}

/// The bus types that a file may contain: those of a load, of a generator, the reference, and isolated.
const TYPES: [f64; 4] = [1.0, 2.0, REFERENCE, ISOLATED];
/// Tables of direct current lines, and of constraints and costs of the user.
const UNSUPPORTED: [&str; 7] = ["dcline", "A", "N", "H", "if", "reserves", "softlims"];

const REFERENCE: f64 = 3.0;
const ISOLATED: f64 = 4.0;

impl Case {
    /// Reads a file's text.
    ///
    /// ```
    /// use large::matpower::Case;
    ///
    /// let text = "mpc.version = '2'; mpc.baseMVA = 100;
    /// mpc.bus = [7 3 50 10 0 0 1 1 0 230 1 1.1 0.9];
    /// mpc.gen = [7 0 0 30 -30 1 100 1 80 0];
    /// mpc.gencost = [2 0 0 2 20 5];
    /// mpc.branch = [];";
    /// let case = Case::parse(text).unwrap();
    /// assert_eq!(case.buses[0].demand, [0.5, 0.1]);
    /// assert_eq!(case.generators[0].cost, [0.0, 2000.0, 5.0]);
    /// ```
    ///
    /// # Errors
    /// Those of [`Tables::parse`]; if the version is not 2; if a table is missing or has too few columns, or an entry is not
    /// what its column means; if a bus is unknown or given twice; if there is no reference bus, or none that is connected
    /// with some other bus; and if the file has costs that are no polynomials of degree 2, capability curves of generators,
    /// direct current lines, or constraints and costs of the user.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let tables = Tables::parse(text)?;
        match tables.scalars.get("version") {
            Some((_, version)) if version == "2" => {}
            Some((line, version)) => return Err(Error::new(*line, format!("the version is {version} and not 2"))),
            None => return Err(Error::new(None, "mpc.version is missing")),
        }
        let (line, base) = tables.scalars.get("baseMVA").ok_or_else(|| Error::new(None, "mpc.baseMVA is missing"))?;
        let base = match base.parse() {
            Ok(base) if base > 0.0 && f64::is_finite(base) => base,
            _ => return Err(Error::new(*line, format!("mpc.baseMVA is {base}, which is not a positive number"))),
        };
        for name in UNSUPPORTED {
            if let Some((line, _)) = tables.tables.get(name).and_then(|table| table.rows.first()) {
                return Err(Error::new(*line, format!("mpc.{name} is not supported, and would change the optimum")));
            }
        }

        let mut buses = Vec::new();
        // The index of each bus by its number, or `None` if it is isolated.
        let mut indices = HashMap::new();
        for row in rows(&tables, "bus", 13)? {
            let number = row.whole(0, "the bus number")?;
            let index = if row.type_of_bus()? == ISOLATED { None } else { Some(buses.len()) };
            if indices.insert(number, index).is_some() {
                return Err(row.error(format!("bus {number} is given a second time")));
            }
            if index.is_some() {
                buses.push(row.bus(number, base)?);
            }
        }
        if buses.is_empty() {
            return Err(Error::new(tables.tables["bus"].line, "mpc.bus has no bus in service"));
        }
        if !buses.iter().any(|bus| bus.is_reference) {
            return Err(Error::new(tables.tables["bus"].line, "no bus is the reference, which has the type 3"));
        }

        let (generators, costs) = (rows(&tables, "gen", 10)?, rows(&tables, "gencost", 5)?);
        if generators.len() != costs.len() {
            let (line, costs, generators) = (tables.tables["gencost"].line, costs.len(), generators.len());
            let reason =
                format!("mpc.gencost has {costs} rows for {generators} generators; reactive costs are not supported");
            return Err(Error::new(line, reason));
        }
        let mut in_service = Vec::new();
        for (row, cost) in generators.into_iter().zip(costs) {
            let bus = row.index(0, &indices)?;
            if let (Some(bus), true) = (bus, row.number(7, "the status")? > 0.0) {
                if row.entries.iter().skip(10).take(6).any(|&entry| entry != 0.0) {
                    return Err(row.error("capability curves, Pc1 to Qc2max, are not supported"));
                }
                in_service.push(Generator {
                    bus,
                    real: row.limits([9, 8], "real powers")?.map(|p| p / base),
                    reactive: row.limits([4, 3], "reactive powers")?.map(|q| q / base),
                    cost: cost.polynomial(base)?,
                });
            }
        }

        let mut branches = Vec::new();
        for row in rows(&tables, "branch", 13)? {
            if let ([Some(from), Some(to)], true) =
                ([row.index(0, &indices)?, row.index(1, &indices)?], row.number(10, "the status")? > 0.0)
            {
                branches.push(row.branch([from, to], base)?);
            }
        }
        let case = Self { base, buses, generators: in_service, branches };
        case.check_islands(tables.tables["bus"].line)?;
        Ok(case)
    }

    /// Checks that each bus is connected with a reference bus: otherwise no angle there would be determined.
    fn check_islands(&self, line: usize) -> Result<(), Error> {
        let mut neighbors = vec![Vec::new(); self.buses.len()];
        for &Branch { buses: [from, to], .. } in &self.branches {
            neighbors[from].push(to);
            neighbors[to].push(from);
        }
        let mut found: Vec<_> = self.buses.iter().map(|bus| bus.is_reference).collect();
        let mut open: Vec<_> = (0..found.len()).filter(|&i| found[i]).collect();
        while let Some(i) = open.pop() {
            for &j in &neighbors[i] {
                if !std::mem::replace(&mut found[j], true) {
                    open.push(j);
                }
            }
        }
        match found.iter().position(|found| !found) {
            Some(i) => {
                let number = self.buses[i].number;
                Err(Error::new(line, format!("no branch in service connects bus {number} with a reference bus")))
            }
            None => Ok(()),
        }
    }
}

/// The rows of a table with at least so many columns.
fn rows<'a>(tables: &'a Tables, name: &'static str, columns: usize) -> Result<Vec<Row<'a>>, Error> {
    let missing = || Error::new(None, format!("the table mpc.{name} is missing"));
    let Table { rows, .. } = tables.tables.get(name).ok_or_else(missing)?;
    let row = |(line, entries): &'a (usize, Vec<f64>)| {
        let row = Row { table: name, line: *line, entries };
        let found = entries.len();
        let short = || row.error(format!("the row has {found} entries, and at least {columns} are needed"));
        if found < columns { Err(short()) } else { Ok(row) }
    };
    rows.iter().map(row).collect()
}

/// A row of a table.
#[derive(Clone, Copy)]
struct Row<'a> {
    table: &'static str,
    line: usize,
    entries: &'a [f64],
}

impl Row<'_> {
    fn error(&self, reason: impl std::fmt::Display) -> Error {
        Error::new(self.line, format!("mpc.{}: {reason}", self.table))
    }

    /// An entry that must be finite.
    fn number(&self, column: usize, what: &str) -> Result<f64, Error> {
        let value = self.entries[column];
        if value.is_finite() { Ok(value) } else { Err(self.error(format!("{what} is {value}"))) }
    }

    /// An entry that must be a positive whole number.
    fn whole(&self, column: usize, what: &str) -> Result<u64, Error> {
        let value = self.entries[column];
        if value >= 1.0 && value < 2f64.powi(53) && value.fract() == 0.0 {
            Ok(value as u64)
        } else {
            Err(self.error(format!("{what} is {value}, which is not a positive whole number")))
        }
    }

    /// Limits, which may be infinite but must leave room.
    fn limits(&self, columns: [usize; 2], what: &str) -> Result<[f64; 2], Error> {
        let [least, most] = columns.map(|column| self.entries[column]);
        if least <= most && least < f64::INFINITY && most > f64::NEG_INFINITY {
            Ok([least, most])
        } else {
            Err(self.error(format!("the {what} are limited from {least} to {most}")))
        }
    }

    /// The index of the bus whose number is in a column, or `None` if it is isolated.
    fn index(&self, column: usize, indices: &HashMap<u64, Option<usize>>) -> Result<Option<usize>, Error> {
        let number = self.whole(column, "the bus number")?;
        indices.get(&number).copied().ok_or_else(|| self.error(format!("there is no bus {number}")))
    }

    fn type_of_bus(&self) -> Result<f64, Error> {
        let kind = self.entries[1];
        if TYPES.contains(&kind) {
            Ok(kind)
        } else {
            Err(self.error(format!("the bus has the type {kind}, not 1 to 4")))
        }
    }

    fn bus(&self, number: u64, base: f64) -> Result<Bus, Error> {
        let power = |column, what| Ok(self.number(column, what)? / base);
        Ok(Bus {
            number,
            is_reference: self.type_of_bus()? == REFERENCE,
            demand: [power(2, "the real demand")?, power(3, "the reactive demand")?],
            shunt: [power(4, "the shunt conductance")?, power(5, "the shunt susceptance")?],
            voltage: self.limits([12, 11], "voltages")?,
        })
    }

    /// The coefficients of a cost of degree 2 or less.
    fn polynomial(&self, base: f64) -> Result<[f64; 3], Error> {
        if self.entries[0] != 2.0 {
            let what = if self.entries[0] == 1.0 { "piecewise linear" } else { "not a polynomial" };
            return Err(self.error(format!("the cost is {what}, model {}; only model 2 is supported", self.entries[0])));
        }
        let count = self.whole(3, "the number of coefficients")? as usize;
        let short = || self.error(format!("the row has {} entries for {count} coefficients", self.entries.len()));
        let coefficients = self.entries[4..].get(..count).ok_or_else(short)?;
        for column in 4..4 + count {
            self.number(column, "a coefficient of the cost")?;
        }
        let (leading, last) = coefficients.split_at(count.saturating_sub(3));
        if let Some(place) = leading.iter().position(|&c| c != 0.0) {
            let degree = count - 1 - place;
            return Err(self.error(format!("the cost has the degree {degree}; at most 2 is supported")));
        }
        let mut cost = [0.0; 3];
        for (power, &c) in (0..).zip(last.iter().rev()) {
            cost[2 - power as usize] = c * base.powi(power);
        }
        Ok(cost)
    }

    fn branch(&self, buses: [usize; 2], base: f64) -> Result<Branch, Error> {
        let [r, x] = [self.number(2, "the resistance")?, self.number(3, "the reactance")?];
        let square = r * r + x * x;
        if square == 0.0 {
            return Err(self.error("the branch has no impedance"));
        }
        let ratio = self.number(8, "the ratio")?;
        if ratio < 0.0 {
            return Err(self.error(format!("the ratio is {ratio}")));
        }
        let rating = self.entries[5];
        if rating.is_nan() || rating < 0.0 {
            return Err(self.error(format!("the rating is {rating}")));
        }
        let angle = match self.limits([11, 12], "differences of angles")? {
            [0.0, 0.0] => [f64::NEG_INFINITY, f64::INFINITY],
            [least, most] => [
                if least <= -360.0 { f64::NEG_INFINITY } else { least.to_radians() },
                if most >= 360.0 { f64::INFINITY } else { most.to_radians() },
            ],
        };
        Ok(Branch {
            buses,
            admittance: [r / square, -x / square],
            charging: self.number(4, "the charging susceptance")? / 2.0,
            ratio: if ratio == 0.0 { 1.0 } else { ratio },
            shift: self.number(9, "the shift")?.to_radians(),
            rating: if rating == 0.0 { f64::INFINITY } else { rating / base },
            angle,
        })
    }
}
