//! The outcome as one SVG picture: latency over time as bands of percentiles, and its distribution.

use std::ops::Range;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::series::AreaSeries;

use super::outcome::{Latency, Outcome};
use super::table::{grouped, heading};

/// The width and the height, in pixels; the upper chart has so much of the height.
const SIZE: (u32, u32) = (960, 760);
const UPPER: u32 = 440;
const INK: RGBColor = RGBColor(0x22, 0x2B, 0x38);
const FONT: &str = "system-ui, sans-serif";

/// A percentile: its name, its colour, its value.
type Band = (&'static str, RGBColor, fn(&Latency) -> f64);

/// From the widest band to the narrowest: each covers the one before from below.
const BANDS: [Band; 4] = [
    ("max", RGBColor(0xF3, 0xD9, 0xC6), |latency| latency.max_ms),
    ("p99", RGBColor(0xE8, 0xA8, 0x7C), |latency| latency.p99_ms),
    ("p90", RGBColor(0x8F, 0xB4, 0xC9), |latency| latency.p90_ms),
    ("p50", RGBColor(0x2F, 0x6F, 0x8F), |latency| latency.p50_ms),
];

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
#[error("the plot cannot be drawn: {0}")]
pub struct PlotError(String);

/// Draws it.
///
/// # Errors
/// The library cannot.
pub fn svg(outcome: &Outcome) -> Result<String, PlotError> {
    let mut out = String::new();
    {
        let area = SVGBackend::with_string(&mut out, SIZE).into_drawing_area();
        draw(outcome, &area).map_err(|error| PlotError(error.to_string()))?;
        area.present()
            .map_err(|error| PlotError(error.to_string()))?;
    }
    Ok(out)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Drawn = Result<(), Box<dyn std::error::Error>>;

fn draw(outcome: &Outcome, area: &Area<'_>) -> Drawn {
    area.fill(&WHITE)?;
    let title = (FONT, 19).into_font().color(&INK);
    let area = area.margin(10, 0, 0, 0).titled(&heading(outcome), title)?;
    let (upper, lower) = area.split_vertically(UPPER);
    let Some(latency) = &outcome.latency else {
        return Ok(());
    };
    // Whole powers of ten around everything that is shown.
    let least = outcome.distribution.first().map_or(1.0, |bar| bar.up_to_ms);
    let least = 10_f64.powf((least / 1.3).log10().floor());
    let most = 10_f64.powf(latency.max_ms.log10().ceil()).max(least * 10.0);
    over_time(outcome, &upper, least..most)?;
    distribution(outcome, &lower, least..most)
}

fn over_time(outcome: &Outcome, area: &Area<'_>, range: Range<f64>) -> Drawn {
    let end = outcome.slices.last().map_or(1.0, |slice| slice.end_seconds);
    let floor = range.start;
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .margin_right(36)
        .caption("Latency over time", (FONT, 16).into_font().color(&INK))
        .x_label_area_size(40)
        .y_label_area_size(70)
        .build_cartesian_2d(0.0..end, range.log_scale())?;
    chart
        .configure_mesh()
        .x_desc("seconds")
        .y_label_formatter(&|ms| power(*ms))
        .label_style((FONT, 13).into_font().color(&INK))
        .light_line_style(TRANSPARENT)
        .draw()?;
    for (name, colour, value) in BANDS {
        // A slice is as wide as it lasts; one in which nothing arrived is a hole.
        let mut begin = 0.0;
        let mut steps = Vec::new();
        for slice in &outcome.slices {
            let at = slice.latency.as_ref().map_or(floor, value);
            steps.extend([(begin, at), (slice.end_seconds, at)]);
            begin = slice.end_seconds;
        }
        chart
            .draw_series(AreaSeries::new(steps, floor, colour.filled()))?
            .label(name)
            .legend(move |(x, y)| Rectangle::new([(x, y - 5), (x + 14, y + 5)], colour.filled()));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .background_style(WHITE.mix(0.85))
        .label_font((FONT, 13).into_font().color(&INK))
        .draw()?;
    Ok(())
}

fn distribution(outcome: &Outcome, area: &Area<'_>, range: Range<f64>) -> Drawn {
    let highest = outcome.distribution.iter().map(|bar| bar.deliveries).max();
    let top = highest.unwrap_or(1).max(1) as f64 * 1.05;
    let mut chart = ChartBuilder::on(area)
        .margin(12)
        .margin_right(36)
        .caption("Distribution", (FONT, 16).into_font().color(&INK))
        .x_label_area_size(40)
        .y_label_area_size(90)
        .build_cartesian_2d(range.clone().log_scale(), 0.0..top)?;
    chart
        .configure_mesh()
        .x_desc("latency")
        .y_desc("deliveries")
        .x_label_formatter(&|ms| power(*ms))
        .y_label_formatter(&|count| grouped(*count as u64))
        .label_style((FONT, 13).into_font().color(&INK))
        .light_line_style(TRANSPARENT)
        .draw()?;
    let mut from = range.start;
    for bar in &outcome.distribution {
        let corners = [(from, 0.0), (bar.up_to_ms, bar.deliveries as f64)];
        let style = BANDS[3].1.mix(0.8).filled();
        chart.draw_series([Rectangle::new(corners, style)])?;
        from = bar.up_to_ms;
    }
    Ok(())
}

/// A whole power of ten, from milliseconds.
fn power(ms: f64) -> String {
    match ms {
        ms if ms < 0.9 => format!("{:.0} µs", ms * 1e3),
        ms if ms < 900.0 => format!("{ms:.0} ms"),
        ms => format!("{:.0} s", ms / 1e3),
    }
}
